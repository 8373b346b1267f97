-- One stored event by its id: what was analysed, and what came of it.
SELECT f.event_id AS event_id, f.occurred_at AS occurred_at, f.hour_of_week AS hour_of_week, f.source AS source, f.location AS location, f.title AS title, f.text AS text,
       f.turns AS turns, f.language AS language, toFloat64(f.rating) AS rating, f.csat AS csat, f.nps AS nps,
       f.sentiment AS sentiment, f.score AS score, f.confidence AS confidence, f.compound AS compound, f.topics AS topics,
       f.contexts AS contexts, f.intents AS intents, f.model AS model
FROM feedback AS f
WHERE f.event_id = {id:String}
LIMIT 1

