-- What each partition holds, by outcome, read from the table itself. An offset
-- counts as covered by the row at it, a skipped row covers span offsets.
--
-- jumps proves that the rows form one chain. Each row is an edge from its offset
-- to the one after its span. Summing a hash of where edges end minus where they
-- begin (modulo 2^64) leaves end - beginning of the whole exactly when every
-- offset in between is entered as often as it is left; as edges only lead
-- upwards and the spans add up, that is one single path. One pass, no sorting,
-- no memory; a chance of 2^-64 to be wrong.
SELECT
    toString(kafka_topic) AS topic,
    kafka_partition AS partition,
    toString(outcome) AS outcome_name,
    min(kafka_offset) AS first_offset,
    max(kafka_offset + toInt64(span)) AS next_offset,
    count() AS row_count,
    sum(span) AS offsets,
    sum(toInt64(intHash64(kafka_offset + toInt64(span)) - intHash64(kafka_offset))) AS jumps
FROM records
GROUP BY kafka_topic, kafka_partition, outcome
ORDER BY topic, partition, outcome_name
SETTINGS optimize_use_projections = 0

