-- What each partition holds. An offset counts as covered by the row at it, a
-- skipped row covers span offsets.
--
-- chained: the rows cover first_offset..last_offset, each offset once. Each row
-- is an edge from its offset to the one after its span. Summing a hash of where
-- edges end minus where they begin leaves end - beginning of the whole exactly
-- when every offset in between is entered as often as it is left; as edges only
-- lead upwards, that is one single path. One pass, no sorting; a chance of 2^-64
-- to be wrong, and groupBitmap beside it tells equal offsets for certain.
SELECT
    toString(kafka_topic) AS topic,
    kafka_partition AS partition,
    min(kafka_offset) AS first_offset,
    max(kafka_offset + toInt64(span)) - 1 AS last_offset,
    count() AS row_count,
    sum(span) AS offsets,
    sumIf(span, outcome = 'event') AS events,
    sumIf(span, outcome = 'duplicate') AS duplicates,
    sumIf(span, outcome = 'dead') AS dead,
    sumIf(span, outcome = 'skipped') AS skipped,
    offsets = last_offset - first_offset + 1
        AND groupBitmap(toUInt64(kafka_offset)) = row_count
        AND sum(sipHash64(kafka_offset + toInt64(span))) + sipHash64(first_offset)
          = sum(sipHash64(kafka_offset)) + sipHash64(last_offset + 1) AS chained
FROM records
GROUP BY topic, partition
ORDER BY topic, partition

