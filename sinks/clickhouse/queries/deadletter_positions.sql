-- The offset that each partition of a topic goes on at.
SELECT kafka_partition AS partition, max(kafka_offset + span) AS next
FROM records
WHERE kafka_topic = {topic:String}
GROUP BY kafka_partition
