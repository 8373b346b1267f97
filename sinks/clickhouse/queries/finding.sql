-- A finding: the complaints and all feedback of its part of the stream, without
-- what stronger findings of the topic already explain.
SELECT
    countIf(arrayExists((t, s) -> t = {complaint:String} AND s = 'negative', f.topics, f.topic_sentiments)) AS complaints,
    count() AS comments
FROM feedback AS f
WHERE {{filter}}
