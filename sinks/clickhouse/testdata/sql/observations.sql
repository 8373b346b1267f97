-- What the context miner sees of each event, earliest day first: the table is
-- sorted by days, so that this order costs next to nothing. A topic counts once for
-- each event, however often the text speaks of it. Topics come as one text each row,
-- which repeats, and no answer as 255: that is half the work of lists and nulls.
SELECT
    toDate(f.occurred_at) AS day, f.hour_of_week AS hour_of_week,
    f.location AS location, f.source AS source, f.product AS product, f.team AS team, f.customer_segment AS segment,
    ifNull(f.nps, 255) AS nps,
    toLowCardinality(arrayStringConcat(arrayDistinct(arrayFilter((t, s) -> s = 'negative', f.topics, f.topic_sentiments)), '\n')) AS negative
FROM feedback AS f
WHERE true
ORDER BY day

-- What the context miner sees of each event, earliest day first: the table is
-- sorted by days, so that this order costs next to nothing. A topic counts once for
-- each event, however often the text speaks of it. Topics come as one text each row,
-- which repeats, and no answer as 255: that is half the work of lists and nulls.
SELECT
    toDate(f.occurred_at) AS day, f.hour_of_week AS hour_of_week,
    f.location AS location, f.source AS source, f.product AS product, f.team AS team, f.customer_segment AS segment,
    ifNull(f.nps, 255) AS nps,
    toLowCardinality(arrayStringConcat(arrayDistinct(arrayFilter((t, s) -> s = 'negative', f.topics, f.topic_sentiments)), '\n')) AS negative
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
ORDER BY day
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

