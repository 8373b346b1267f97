-- +goose Up
-- The row at an offset without reading the column: a worker compares it with the
-- log at each start. Older parts get it when they are merged.
ALTER TABLE records ADD INDEX IF NOT EXISTS kafka_offsets kafka_offset TYPE minmax GRANULARITY 1;

-- +goose Down
ALTER TABLE records DROP INDEX IF EXISTS kafka_offsets;
