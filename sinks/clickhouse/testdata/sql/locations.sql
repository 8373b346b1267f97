-- Figures by location, with the topic that is criticised most often there.
SELECT
    places.location AS location,
    volume, scored, negative, net_sentiment, csat, nps,
    complaints.worst_topic AS worst_topic
FROM
(
    SELECT
        f.location AS location,
        count() AS volume,
        countIf(f.sentiment IN ('positive', 'neutral', 'negative')) AS scored,
        countIf(f.sentiment = 'negative') AS negative,
        100 * (countIf(f.sentiment = 'positive') - negative) / nullIf(scored, 0) AS net_sentiment,
        100 * countIf(f.csat >= 4) / nullIf(count(f.csat), 0) AS csat,
        100 * (countIf(f.nps >= 9) - countIf(f.nps <= 6)) / nullIf(count(f.nps), 0) AS nps
    FROM feedback AS f
    WHERE true AND f.location != ''
    GROUP BY location
) AS places
LEFT JOIN
(
    SELECT location, argMin(topic, (-mentions, topic)) AS worst_topic
    FROM
    (
        SELECT f.location AS location, topic, toInt64(count()) AS mentions
        FROM feedback AS f
        ARRAY JOIN f.topics AS topic, f.topic_sentiments AS topic_sentiment
        WHERE true AND f.location != '' AND topic_sentiment = 'negative'
        GROUP BY location, topic
    )
    GROUP BY location
) AS complaints ON places.location = complaints.location
ORDER BY volume DESC, location
LIMIT 10000

-- Figures by location, with the topic that is criticised most often there.
SELECT
    places.location AS location,
    volume, scored, negative, net_sentiment, csat, nps,
    complaints.worst_topic AS worst_topic
FROM
(
    SELECT
        f.location AS location,
        count() AS volume,
        countIf(f.sentiment IN ('positive', 'neutral', 'negative')) AS scored,
        countIf(f.sentiment = 'negative') AS negative,
        100 * (countIf(f.sentiment = 'positive') - negative) / nullIf(scored, 0) AS net_sentiment,
        100 * countIf(f.csat >= 4) / nullIf(count(f.csat), 0) AS csat,
        100 * (countIf(f.nps >= 9) - countIf(f.nps <= 6)) / nullIf(count(f.nps), 0) AS nps
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
  AND f.hour_of_week % 24 = {hour:Int64} AND f.location != ''
    GROUP BY location
) AS places
LEFT JOIN
(
    SELECT location, argMin(topic, (-mentions, topic)) AS worst_topic
    FROM
    (
        SELECT f.location AS location, topic, toInt64(count()) AS mentions
        FROM feedback AS f
        ARRAY JOIN f.topics AS topic, f.topic_sentiments AS topic_sentiment
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
  AND f.hour_of_week % 24 = {hour:Int64} AND f.location != '' AND topic_sentiment = 'negative'
        GROUP BY location, topic
    )
    GROUP BY location
) AS complaints ON places.location = complaints.location
ORDER BY volume DESC, location
LIMIT 10000
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

