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
-- since = 2026-03-01T00:00:00Z
-- until = 2026-04-01T00:00:00Z
-- source = review
-- platform = google
-- location = it's
-- product = p
-- team = t
-- agent = a
-- segment = vip
-- topic = service
-- context = peak_hours
-- sentiment = negative
-- language = en
-- customer_id = c
-- text = 100%
-- hour_of_week = 42

