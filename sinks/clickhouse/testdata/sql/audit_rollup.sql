-- The same figures as audit.sql, but from the projection positions, which gives
-- workers their position.
SELECT
    toString(kafka_topic) AS topic,
    kafka_partition AS partition,
    toString(outcome) AS outcome_name,
    min(kafka_offset) AS first_offset,
    max(kafka_offset + span) AS next_offset,
    count() AS row_count,
    sum(span) AS offsets
FROM records
GROUP BY kafka_topic, kafka_partition, outcome
ORDER BY topic, partition, outcome_name

