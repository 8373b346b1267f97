-- A random sample of the scored texts with a topic's tag, or without it, that nobody
-- has answered yet. The order is random and always the same, so that a sample drawn
-- in several sittings is one sample.
SELECT
    f.event_id AS event_id, f.occurred_at AS occurred_at, f.location AS location, f.source AS source,
    multiIf(said != '', said, trimBoth(f.text) = '', f.title, trimBoth(f.title) = '', f.text, concat(f.text, '\n', f.title)) AS words,
    if(f.turns = '', '', arrayStringConcat(arrayMap(t -> JSONExtractString(t, 'text'), arrayFilter(t -> JSONExtractString(t, 'role') = 'customer' AND match(JSONExtractString(t, 'text'), '\\S'), JSONExtractArrayRaw(f.turns))), '\n')) AS said,
    f.topics AS topics, f.topic_starts AS topic_starts, f.topic_ends AS topic_ends, f.model AS model
FROM feedback AS f
WHERE {{filter}}
  AND f.sentiment != 'unknown'
  AND arrayExists(t -> t = {reviewed_topic:String} OR startsWith(t, concat({reviewed_topic:String}, '.')), f.topics) = {tagged:Bool}
  AND f.event_id NOT IN (SELECT r.event_id FROM reviewed_topics AS r WHERE r.topic = {reviewed_topic:String})
ORDER BY cityHash64(f.event_id, {reviewed_topic:String}), f.event_id
LIMIT {limit:UInt64}
