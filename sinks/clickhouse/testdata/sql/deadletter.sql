-- One refused message as it came.
SELECT
    toString(kafka_topic) AS topic, kafka_partition AS partition, kafka_offset AS offset,
    toString(reason) AS reason, detail, ingested_at, kafka_time,
    length(payload) AS bytes, payload, message_key, headers, replay_of
FROM dead_letters
WHERE kafka_topic = {topic:String} AND kafka_partition = {partition:Int32} AND kafka_offset = {offset:Int64}
LIMIT 1

