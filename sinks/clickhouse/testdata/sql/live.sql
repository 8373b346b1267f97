-- How the scores of texts compare with the ratings that came with them, which the
-- scoring never sees: truth by score by bin of confidence. Stars go before CSAT
-- before NPS; 4-5 stars, CSAT 4-5 and NPS 9-10 are positive, 1-2 and 0-6 negative.
SELECT
    f.source AS channel,
    f.language AS language,
    multiIf(isNotNull(f.rating), multiIf(f.rating >= 4, 'positive', f.rating <= 2, 'negative', 'neutral'),
            isNotNull(f.csat), multiIf(f.csat >= 4, 'positive', f.csat <= 2, 'negative', 'neutral'),
            multiIf(f.nps >= 9, 'positive', f.nps <= 6, 'negative', 'neutral')) AS truth,
    f.sentiment AS sentiment,
    toUInt8(least(14, greatest(0, floor(f.confidence * 15)))) AS bin,
    count() AS events,
    sum(toFloat64(f.confidence)) AS confidence
FROM feedback AS f
WHERE true
  AND f.sentiment IN ('positive', 'neutral', 'negative')
  AND (isNotNull(f.rating) OR isNotNull(f.csat) OR isNotNull(f.nps))
GROUP BY channel, language, truth, sentiment, bin
ORDER BY channel, language, truth, sentiment, bin

-- How the scores of texts compare with the ratings that came with them, which the
-- scoring never sees: truth by score by bin of confidence. Stars go before CSAT
-- before NPS; 4-5 stars, CSAT 4-5 and NPS 9-10 are positive, 1-2 and 0-6 negative.
SELECT
    f.source AS channel,
    f.language AS language,
    multiIf(isNotNull(f.rating), multiIf(f.rating >= 4, 'positive', f.rating <= 2, 'negative', 'neutral'),
            isNotNull(f.csat), multiIf(f.csat >= 4, 'positive', f.csat <= 2, 'negative', 'neutral'),
            multiIf(f.nps >= 9, 'positive', f.nps <= 6, 'negative', 'neutral')) AS truth,
    f.sentiment AS sentiment,
    toUInt8(least(14, greatest(0, floor(f.confidence * 15)))) AS bin,
    count() AS events,
    sum(toFloat64(f.confidence)) AS confidence
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
  AND f.sentiment IN ('positive', 'neutral', 'negative')
  AND (isNotNull(f.rating) OR isNotNull(f.csat) OR isNotNull(f.nps))
GROUP BY channel, language, truth, sentiment, bin
ORDER BY channel, language, truth, sentiment, bin
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

