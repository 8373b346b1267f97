-- +goose Up
-- Which taxonomy was in force from when on: a row each time that a worker starts
-- with another one than the last. The text of a version does not change.
CREATE TABLE IF NOT EXISTS taxonomies
(
    version         String,                  -- as in feedback.model: restaurant@ab12cd34
    yaml            String CODEC(ZSTD),      -- with all that it extends
    put_in_force_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (put_in_force_at, version);

-- What people say of a random sample: does this text speak of this topic? The tag
-- it had then and the version that set it are kept, so that answers on one
-- taxonomy are not taken for answers on another.
CREATE TABLE IF NOT EXISTS topic_reviews
(
    topic       LowCardinality(String),
    event_id    String,
    tagged      Bool,
    answer      Enum8('yes' = 1, 'no' = 2, 'skip' = 3),
    tagger      LowCardinality(String), -- the taxonomy's version and, where there is one, the topics model's
    reviewer    LowCardinality(String),
    reviewed_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (topic, event_id, reviewed_at);

-- The last answer for each text and topic.
CREATE VIEW IF NOT EXISTS reviewed_topics AS
SELECT topic, event_id, argMax(r.tagged, r.reviewed_at) AS tagged, argMax(r.answer, r.reviewed_at) AS answer,
       argMax(r.tagger, r.reviewed_at) AS tagger, argMax(r.reviewer, r.reviewed_at) AS reviewer, max(r.reviewed_at) AS reviewed_at
FROM topic_reviews AS r
GROUP BY topic, event_id;

-- +goose Down
DROP VIEW IF EXISTS reviewed_topics;
DROP TABLE IF EXISTS topic_reviews;
DROP TABLE IF EXISTS taxonomies;
