-- Refused messages, newest first, without their payload but for its beginning.
SELECT
    toString(kafka_topic) AS topic, kafka_partition AS partition, kafka_offset AS offset,
    toString(reason) AS reason, detail, ingested_at, kafka_time,
    length(payload) AS bytes, substring(payload, 1, 200) AS excerpt
FROM dead_letters
WHERE ingested_at >= {since:DateTime64(3, 'UTC')} AND ingested_at < {until:DateTime64(3, 'UTC')}
    AND ({reason:String} = '' OR reason = {reason:String})
ORDER BY ingested_at DESC, topic, partition, offset DESC
LIMIT {limit:UInt64}

