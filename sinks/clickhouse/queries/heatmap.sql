-- Mentions by topic and hour of the local week.
SELECT
    topic,
    f.hour_of_week AS hour_of_week,
    count() AS mentions,
    countIf(topic_sentiment = 'negative') AS negative
FROM feedback AS f
ARRAY JOIN f.topics AS topic, f.topic_sentiments AS topic_sentiment
WHERE {{filter}}
GROUP BY topic, hour_of_week
ORDER BY topic, hour_of_week
LIMIT 100000
