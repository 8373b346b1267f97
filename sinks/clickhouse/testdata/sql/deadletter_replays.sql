-- What became of the replays of one refused message, in their order.
SELECT
    toString(outcome) AS outcome, toString(reason) AS reason, detail, event_id, ingested_at,
    toString(kafka_topic) AS topic, kafka_partition AS partition, kafka_offset AS offset
FROM replays
WHERE replay_of = {letter:String}
ORDER BY ingested_at, topic, partition, offset
LIMIT 1000

