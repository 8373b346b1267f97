-- The words themselves, newest first. Of a conversation without a text of its
-- own, what the customer said, a line each.
SELECT
    f.event_id AS event_id, f.occurred_at AS occurred_at, f.source AS source, f.platform AS platform,
    f.location AS location, f.product AS product, f.team AS team, f.agent AS agent,
    f.customer_id AS customer_id, f.title AS title,
    if(f.text != '', f.text,
       arrayStringConcat(arrayMap(t -> JSONExtractString(t, 'text'), arrayFilter(t -> JSONExtractString(t, 'role') = 'customer', JSONExtractArrayRaw(f.turns))), '\n')) AS text,
    f.language AS language,
    f.rating AS rating, f.csat AS csat, f.nps AS nps, f.ces AS ces,
    f.sentiment AS sentiment, f.score AS score,
    f.joint_sentiment AS joint_sentiment, f.joint_score AS joint_score, f.contradiction AS contradiction,
    f.topics AS topics, f.topic_sentiments AS topic_sentiments, f.topic_scores AS topic_scores,
    f.topic_starts AS topic_starts, f.topic_ends AS topic_ends,
    f.contexts AS contexts, f.tags AS tags, f.intents AS intents, f.model AS model,
    f.hour_of_week AS hour_of_week, f.turns AS turns
FROM feedback AS f
WHERE {{filter}}
ORDER BY f.occurred_at DESC, f.event_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
