-- Mentions by topic: a text that speaks of a topic twice counts twice.
SELECT
    topic,
    count() AS mentions,
    countIf(topic_sentiment = 'positive') AS positive,
    countIf(topic_sentiment = 'neutral') AS neutral,
    countIf(topic_sentiment = 'negative') AS negative,
    avg(topic_score) AS score
FROM feedback AS f
ARRAY JOIN f.topics AS topic, f.topic_sentiments AS topic_sentiment, f.topic_scores AS topic_score
WHERE {{filter}}
GROUP BY topic
ORDER BY mentions DESC, topic
LIMIT 1000
