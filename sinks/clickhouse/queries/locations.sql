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
    WHERE {{filter}} AND f.location != ''
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
        WHERE {{filter}} AND f.location != '' AND topic_sentiment = 'negative'
        GROUP BY location, topic
    )
    GROUP BY location
) AS complaints ON places.location = complaints.location
ORDER BY volume DESC, location
LIMIT 10000
