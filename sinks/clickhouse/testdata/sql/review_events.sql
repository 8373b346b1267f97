-- What was said of events that a person has judged in a file.
SELECT f.event_id AS event_id, f.topics AS topics, f.model AS model
FROM feedback AS f
WHERE f.event_id IN {events:Array(String)}

