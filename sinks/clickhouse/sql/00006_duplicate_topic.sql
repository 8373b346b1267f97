-- +goose Up
-- Where the first event of a duplicate is, after its topic was archived, too. In
-- rows from before it is the row's own topic.
ALTER TABLE records ADD COLUMN IF NOT EXISTS duplicate_topic LowCardinality(String) DEFAULT if(outcome = 'duplicate', kafka_topic, '');

-- +goose Down
ALTER TABLE records DROP COLUMN IF EXISTS duplicate_topic;
