-- Where a partition's rows leave a gap or cover an offset again, in order.
SELECT
    if(kafka_offset > covered, 'gap', 'double') AS kind,
    least(kafka_offset, covered) AS first,
    if(kafka_offset > covered, kafka_offset, least(next, covered)) - 1 AS last
FROM
(
    SELECT
        kafka_offset,
        kafka_offset + toInt64(span) AS next,
        max(next) OVER before AS covered,
        count() OVER before AS earlier
    FROM records
    WHERE kafka_topic = {topic:String} AND kafka_partition = {partition:Int32} AND kafka_offset <= {last:Int64}
    WINDOW before AS (ORDER BY kafka_offset, span ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
WHERE earlier > 0 AND kafka_offset != covered
ORDER BY kafka_offset
LIMIT {limit:UInt64}

