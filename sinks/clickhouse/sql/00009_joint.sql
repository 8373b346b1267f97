-- +goose Up
-- What the text and the rating say together, and whether they contradict each other.
-- In rows from before it is what the text says.
ALTER TABLE records
    ADD COLUMN IF NOT EXISTS joint_sentiment LowCardinality(String) DEFAULT sentiment,
    ADD COLUMN IF NOT EXISTS joint_score Float32 DEFAULT score,
    ADD COLUMN IF NOT EXISTS contradiction Bool;

CREATE OR REPLACE VIEW feedback AS
SELECT event_id, occurred_at, ingested_at, source, platform, location, product, team, agent,
       customer_id, customer_name, customer_email, customer_phone, customer_segment, customer_value,
       title, text, language, rating, csat, nps, ces, survey_question,
       thread_id, direction, opened_at, first_response_at, resolved_at, resolved, turns,
       hour_of_week, sentiment, score, confidence, compound, joint_sentiment, joint_score, contradiction,
       topics, topic_sentiments, topic_scores, topic_starts, topic_ends, contexts, tags, intents,
       attributes, truncated, model, kafka_topic, kafka_partition, kafka_offset
FROM records
WHERE outcome = 'event';

-- +goose Down
CREATE OR REPLACE VIEW feedback AS
SELECT event_id, occurred_at, ingested_at, source, platform, location, product, team, agent,
       customer_id, customer_name, customer_email, customer_phone, customer_segment, customer_value,
       title, text, language, rating, csat, nps, ces, survey_question,
       thread_id, direction, opened_at, first_response_at, resolved_at, resolved, turns,
       hour_of_week, sentiment, score, confidence, compound,
       topics, topic_sentiments, topic_scores, topic_starts, topic_ends, contexts, tags, intents,
       attributes, truncated, model, kafka_topic, kafka_partition, kafka_offset
FROM records
WHERE outcome = 'event';
ALTER TABLE records DROP COLUMN IF EXISTS contradiction, DROP COLUMN IF EXISTS joint_score, DROP COLUMN IF EXISTS joint_sentiment;
