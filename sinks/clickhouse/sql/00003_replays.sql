-- +goose Up
-- What a dead letter needs to be sent again as it came, and on a message that
-- was: which dead letter it repeats (TOPIC/PARTITION/OFFSET). The mark is written
-- with the row that says what became of the replay, so the two cannot disagree.
ALTER TABLE records
    ADD COLUMN IF NOT EXISTS message_key String CODEC(ZSTD),
    ADD COLUMN IF NOT EXISTS replay_of String CODEC(ZSTD),
    ADD INDEX IF NOT EXISTS replayed replay_of TYPE minmax GRANULARITY 1;

CREATE OR REPLACE VIEW dead_letters AS
SELECT reason, detail, payload, headers, message_key, replay_of, kafka_time, ingested_at, kafka_topic, kafka_partition, kafka_offset
FROM records
WHERE outcome = 'dead';

CREATE OR REPLACE VIEW replays AS
SELECT replay_of, outcome, reason, detail, event_id, ingested_at, kafka_topic, kafka_partition, kafka_offset
FROM records
WHERE replay_of != '';

-- +goose Down
DROP VIEW IF EXISTS replays;
CREATE OR REPLACE VIEW dead_letters AS
SELECT reason, detail, payload, headers, kafka_time, ingested_at, kafka_topic, kafka_partition, kafka_offset
FROM records
WHERE outcome = 'dead';
ALTER TABLE records DROP INDEX IF EXISTS replayed, DROP COLUMN IF EXISTS replay_of, DROP COLUMN IF EXISTS message_key;
