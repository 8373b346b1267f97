-- +goose Up
-- One row per Kafka offset. PARTITION BY the month of ingest, which is the same
-- for a whole batch, so that one INSERT is one part and its commit one rename.
CREATE TABLE IF NOT EXISTS records
(
    outcome             Enum8('event' = 1, 'duplicate' = 2, 'dead' = 3, 'skipped' = 4),
    span                UInt64 DEFAULT 1 CODEC(Delta, ZSTD),
    event_id            String CODEC(ZSTD),
    id_hash             UInt64 CODEC(NONE),
    occurred_at         DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    ingested_at         DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    kafka_time          DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    hour_of_week        UInt8 CODEC(ZSTD),
    source              LowCardinality(String),
    platform            LowCardinality(String),
    location            LowCardinality(String),
    product             LowCardinality(String),
    team                LowCardinality(String),
    agent               LowCardinality(String),
    customer_id         String CODEC(ZSTD),
    customer_name       String CODEC(ZSTD),
    customer_email      String CODEC(ZSTD),
    customer_phone      String CODEC(ZSTD),
    customer_segment    LowCardinality(String),
    customer_value      Nullable(Float64),
    title               String CODEC(ZSTD),
    text                String CODEC(ZSTD),
    language            LowCardinality(String),
    rating              Nullable(Float32),
    csat                Nullable(UInt8),
    nps                 Nullable(UInt8),
    ces                 Nullable(UInt8),
    survey_question     LowCardinality(String),
    thread_id           String CODEC(ZSTD),
    direction           LowCardinality(String),
    opened_at           Nullable(DateTime64(3, 'UTC')),
    first_response_at   Nullable(DateTime64(3, 'UTC')),
    resolved_at         Nullable(DateTime64(3, 'UTC')),
    resolved            Nullable(Bool),
    turns               String CODEC(ZSTD),
    sentiment           LowCardinality(String),
    score               Float32,
    confidence          Float32,
    compound            Float32,
    vader_pos           Float32,
    vader_neu           Float32,
    vader_neg           Float32,
    topics              Array(LowCardinality(String)),
    topic_sentiments    Array(LowCardinality(String)),
    topic_scores        Array(Float32),
    topic_starts        Array(UInt32),
    topic_ends          Array(UInt32),
    contexts            Array(LowCardinality(String)),
    tags                Array(LowCardinality(String)),
    intents             Array(LowCardinality(String)),
    attributes          Map(String, String) CODEC(ZSTD),
    truncated           Bool,
    model               LowCardinality(String),
    reason              LowCardinality(String),
    detail              String CODEC(ZSTD),
    payload             String CODEC(ZSTD),
    headers             Map(String, String) CODEC(ZSTD),
    duplicate_partition Int32,
    duplicate_offset    Int64,
    kafka_topic         LowCardinality(String),
    kafka_partition     Int32,
    kafka_offset        Int64 CODEC(Delta, ZSTD),

    -- The consume position and the audit's sums: read at every start.
    PROJECTION positions
    (
        SELECT kafka_topic, kafka_partition, outcome,
               min(kafka_offset), max(kafka_offset), max(kafka_offset + span), sum(span), count()
        GROUP BY kafka_topic, kafka_partition, outcome
    ),
    -- "Is this id stored?" without reading the table.
    PROJECTION ids
    (
        SELECT id_hash, event_id, outcome, kafka_topic, kafka_partition, kafka_offset
        ORDER BY id_hash
    )
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ingested_at)
ORDER BY (outcome, toDate(occurred_at), source, location, occurred_at)
SETTINGS index_granularity = 8192, non_replicated_deduplication_window = 0;

CREATE VIEW IF NOT EXISTS feedback AS
SELECT event_id, occurred_at, ingested_at, source, platform, location, product, team, agent,
       customer_id, customer_name, customer_email, customer_phone, customer_segment, customer_value,
       title, text, language, rating, csat, nps, ces, survey_question,
       thread_id, direction, opened_at, first_response_at, resolved_at, resolved, turns,
       hour_of_week, sentiment, score, confidence, compound,
       topics, topic_sentiments, topic_scores, topic_starts, topic_ends, contexts, tags, intents,
       attributes, truncated, model, kafka_topic, kafka_partition, kafka_offset
FROM records
WHERE outcome = 'event';

CREATE VIEW IF NOT EXISTS dead_letters AS
SELECT reason, detail, payload, headers, kafka_time, ingested_at, kafka_topic, kafka_partition, kafka_offset
FROM records
WHERE outcome = 'dead';

-- +goose Down
DROP VIEW IF EXISTS dead_letters;
DROP VIEW IF EXISTS feedback;
DROP TABLE IF EXISTS records;
