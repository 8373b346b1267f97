-- Changes that a target has not been told of, oldest first: what a watcher wrote
-- in the last day. Counts that go up are told to nobody.
SELECT
    c.change_key AS change_key, toString(c.change) AS change, c.changed_at AS changed_at, c.id AS id, c.key AS key,
    toString(c.kind) AS kind, toString(c.state) AS state, c.topic AS topic, c.location AS location, toString(c.channel) AS channel,
    c.since AS since, c.raised_at AS raised_at, c.last_at AS last_at, c.count AS count,
    c.expected AS expected, c.lift AS lift, c.p AS p, c.q AS q, c.sentence AS sentence,
    c.ack_by AS ack_by, c.changed_at AS ack_at, c.ack_note AS ack_note, c.version AS version
FROM alert_changes AS c
WHERE c.change NOT IN ('updated', 'test') AND c.changed_at > now64(3) - INTERVAL 1 DAY
  AND c.change_key NOT IN (SELECT change_key FROM alert_deliveries WHERE target = {target:String} AND outcome != 'waiting' AND at > now64(3) - INTERVAL 2 DAY)
ORDER BY c.changed_at, c.version
LIMIT 1 BY c.change_key
LIMIT 200
