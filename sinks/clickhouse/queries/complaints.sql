-- Texts that complain of a topic, by hour of the local week. A text counts once for
-- each topic, however often it speaks of it.
SELECT topic, f.hour_of_week AS hour_of_week, count() AS complaints
FROM feedback AS f
ARRAY JOIN arrayDistinct(arrayFilter((t, s) -> s = 'negative', f.topics, f.topic_sentiments)) AS topic
WHERE {{filter}}
GROUP BY topic, hour_of_week
ORDER BY topic, hour_of_week
LIMIT 100000
