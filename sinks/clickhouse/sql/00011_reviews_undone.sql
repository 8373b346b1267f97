-- +goose Up
-- An answer may be taken back: the text then waits for another one.
ALTER TABLE topic_reviews MODIFY COLUMN answer Enum8('yes' = 1, 'no' = 2, 'skip' = 3, 'undone' = 4);

-- The last answer for each text and topic, unless it was taken back.
CREATE OR REPLACE VIEW reviewed_topics AS
SELECT topic, event_id, argMax(r.tagged, r.reviewed_at) AS tagged, argMax(r.answer, r.reviewed_at) AS answer,
       argMax(r.tagger, r.reviewed_at) AS tagger, argMax(r.reviewer, r.reviewed_at) AS reviewer, max(r.reviewed_at) AS reviewed_at
FROM topic_reviews AS r
GROUP BY topic, event_id
HAVING answer != 'undone';

-- +goose Down
ALTER TABLE topic_reviews DELETE WHERE answer = 'undone' SETTINGS mutations_sync = 2;
ALTER TABLE topic_reviews MODIFY COLUMN answer Enum8('yes' = 1, 'no' = 2, 'skip' = 3);
CREATE OR REPLACE VIEW reviewed_topics AS
SELECT topic, event_id, argMax(r.tagged, r.reviewed_at) AS tagged, argMax(r.answer, r.reviewed_at) AS answer,
       argMax(r.tagger, r.reviewed_at) AS tagger, argMax(r.reviewer, r.reviewed_at) AS reviewer, max(r.reviewed_at) AS reviewed_at
FROM topic_reviews AS r
GROUP BY topic, event_id;
