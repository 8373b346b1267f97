-- Alerts, those that are not over first, the latest first.
SELECT
    id, key, toString(kind) AS kind, state, topic, location, toString(channel) AS channel,
    since, raised_at, last_at, count, expected, lift, p, q, sentence, ack_by, ack_at, ack_note, version
FROM alerts
WHERE last_at >= {since:DateTime64(3)} AND raised_at < {until:DateTime64(3)}
  AND ({state:String} = '' OR state = {state:String} OR ({state:String} = 'active' AND state != 'resolved'))
  AND ({kind:String} = '' OR kind = {kind:String})
  AND startsWith(id, {id:String})
ORDER BY state = 'resolved', raised_at DESC, id
LIMIT {limit:UInt64}

