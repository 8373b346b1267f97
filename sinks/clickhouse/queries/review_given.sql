-- What people have said of events, to tell a new answer from one that is sent again.
SELECT topic, event_id, tagged, answer, tagger, reviewer
FROM reviewed_topics
WHERE event_id IN {events:Array(String)}
