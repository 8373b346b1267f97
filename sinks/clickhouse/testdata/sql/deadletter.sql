-- One refused message as it came.
SELECT
    toString(kafka_topic) AS topic, kafka_partition AS partition, kafka_offset AS offset,
    toString(reason) AS reason, detail, ingested_at, kafka_time,
    length(payload) AS bytes, payload, headers
FROM dead_letters
WHERE kafka_topic = {topic:String} AND kafka_partition = {partition:Int32} AND kafka_offset = {offset:Int64}
LIMIT 1

-- One refused message as it came.
SELECT
    toString(kafka_topic) AS topic, kafka_partition AS partition, kafka_offset AS offset,
    toString(reason) AS reason, detail, ingested_at, kafka_time,
    length(payload) AS bytes, payload, headers
FROM dead_letters
WHERE kafka_topic = {topic:String} AND kafka_partition = {partition:Int32} AND kafka_offset = {offset:Int64}
LIMIT 1
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

