-- +goose Up
-- Sentiment models as a log of what became of them: a row for each decision, never
-- altered but for the bytes of old artefacts, which are emptied.
CREATE TABLE IF NOT EXISTS models
(
    at                DateTime64(6, 'UTC') DEFAULT now64(6),
    decision          LowCardinality(String), -- adopted, refused, put in place or rolled back
    version           String,                 -- hash as in the artefact; '' for a refused candidate
    parent            String,
    kind              LowCardinality(String), -- base, train, adapt or recalibrate
    language          LowCardinality(String),
    made_at           DateTime64(3, 'UTC'),
    learned           UInt64,
    events_from       Nullable(DateTime64(3, 'UTC')),
    events_to         Nullable(DateTime64(3, 'UTC')),
    judged            UInt64,
    accuracy          Float64,
    accuracy_low      Float64,
    accuracy_high     Float64,
    current_accuracy  Float64,
    current_low       Float64,
    current_high      Float64,
    reason            String,
    by                String,
    artefact          String CODEC(ZSTD(3))   -- in the first row of a version; '' in all others
)
ENGINE = MergeTree
ORDER BY at;

-- Rounds of adapting: of several workers the one that comes first makes the round.
CREATE TABLE IF NOT EXISTS model_rounds
(
    at      DateTime64(6, 'UTC') DEFAULT now64(6),
    worker  String
)
ENGINE = MergeTree
ORDER BY at
TTL toDateTime(at) + INTERVAL 800 DAY;

-- +goose Down
DROP TABLE IF EXISTS model_rounds;
DROP TABLE IF EXISTS models;
