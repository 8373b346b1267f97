-- What people said, by what the taggers had said before.
SELECT topic, tagger, tagged, countIf(answer = 'yes') AS yes, countIf(answer = 'no') AS no, countIf(answer = 'skip') AS skipped
FROM reviewed_topics
WHERE {topic_name:String} = '' OR topic = {topic_name:String}
GROUP BY topic, tagger, tagged
ORDER BY topic, tagger, tagged
LIMIT 10000
