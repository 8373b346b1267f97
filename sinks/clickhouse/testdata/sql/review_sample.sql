-- A random sample of the scored texts with a topic's tag, or without it, that nobody
-- has answered yet. The order is random and always the same, so that a sample drawn
-- in several sittings is one sample.
SELECT
    f.event_id AS event_id, f.occurred_at AS occurred_at, f.location AS location, f.source AS source,
    multiIf(said != '', said, trimBoth(f.text) = '', f.title, trimBoth(f.title) = '', f.text, concat(f.text, '\n', f.title)) AS words,
    if(f.turns = '', '', arrayStringConcat(arrayMap(t -> JSONExtractString(t, 'text'), arrayFilter(t -> JSONExtractString(t, 'role') = 'customer' AND match(JSONExtractString(t, 'text'), '\\S'), JSONExtractArrayRaw(f.turns))), '\n')) AS said,
    f.topics AS topics, f.topic_starts AS topic_starts, f.topic_ends AS topic_ends, f.model AS model
FROM feedback AS f
WHERE true
  AND f.sentiment != 'unknown'
  AND arrayExists(t -> t = {reviewed_topic:String} OR startsWith(t, concat({reviewed_topic:String}, '.')), f.topics) = {tagged:Bool}
  AND f.event_id NOT IN (SELECT r.event_id FROM reviewed_topics AS r WHERE r.topic = {reviewed_topic:String})
ORDER BY cityHash64(f.event_id, {reviewed_topic:String}), f.event_id
LIMIT {limit:UInt64}

-- A random sample of the scored texts with a topic's tag, or without it, that nobody
-- has answered yet. The order is random and always the same, so that a sample drawn
-- in several sittings is one sample.
SELECT
    f.event_id AS event_id, f.occurred_at AS occurred_at, f.location AS location, f.source AS source,
    multiIf(said != '', said, trimBoth(f.text) = '', f.title, trimBoth(f.title) = '', f.text, concat(f.text, '\n', f.title)) AS words,
    if(f.turns = '', '', arrayStringConcat(arrayMap(t -> JSONExtractString(t, 'text'), arrayFilter(t -> JSONExtractString(t, 'role') = 'customer' AND match(JSONExtractString(t, 'text'), '\\S'), JSONExtractArrayRaw(f.turns))), '\n')) AS said,
    f.topics AS topics, f.topic_starts AS topic_starts, f.topic_ends AS topic_ends, f.model AS model
FROM feedback AS f
WHERE toDate(f.occurred_at) >= toDate({since:DateTime64(3, 'UTC')}) AND f.occurred_at >= {since:DateTime64(3, 'UTC')}
  AND toDate(f.occurred_at) <= toDate({until:DateTime64(3, 'UTC')}) AND f.occurred_at < {until:DateTime64(3, 'UTC')}
  AND f.source = {source:String}
  AND f.platform = {platform:String}
  AND f.location = {location:String}
  AND f.product = {product:String}
  AND f.team = {team:String}
  AND f.agent = {agent:String}
  AND f.customer_segment = {segment:String}
  AND arrayExists(t -> t = {topic:String} OR startsWith(t, concat({topic:String}, '.')), f.topics)
  AND arrayExists((t, s) -> s = {topic_sentiment:String} AND (t = {topic:String} OR startsWith(t, concat({topic:String}, '.'))), f.topics, f.topic_sentiments)
  AND has(f.contexts, {context:String})
  AND f.sentiment = {sentiment:String}
  AND f.language = {language:String}
  AND f.customer_id = {customer_id:String}
  AND (positionCaseInsensitiveUTF8(f.text, {text:String}) > 0 OR positionCaseInsensitiveUTF8(f.title, {text:String}) > 0 OR f.turns != '' AND arrayExists(t -> JSONExtractString(t, 'role') = 'customer' AND positionCaseInsensitiveUTF8(JSONExtractString(t, 'text'), {text:String}) > 0, JSONExtractArrayRaw(f.turns)))
  AND f.hour_of_week = {hour_of_week:Int64}
  AND f.hour_of_week % 24 = {hour:Int64}
  AND f.sentiment != 'unknown'
  AND arrayExists(t -> t = {reviewed_topic:String} OR startsWith(t, concat({reviewed_topic:String}, '.')), f.topics) = {tagged:Bool}
  AND f.event_id NOT IN (SELECT r.event_id FROM reviewed_topics AS r WHERE r.topic = {reviewed_topic:String})
ORDER BY cityHash64(f.event_id, {reviewed_topic:String}), f.event_id
LIMIT {limit:UInt64}
-- since = 2026-03-01T00:00:00Z
-- until = 2026-04-01T00:00:00Z
-- source = review
-- platform = google
-- location = it's
-- product = p
-- team = t
-- agent = a
-- segment = vip
-- topic = service
-- topic_sentiment = negative
-- context = peak_hours
-- sentiment = negative
-- language = en
-- customer_id = c
-- text = 100%
-- hour_of_week = 42
-- hour = 18

