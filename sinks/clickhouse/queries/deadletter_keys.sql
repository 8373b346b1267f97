-- Where the refused messages of a selection are, in the order of their offsets,
-- how long they are, and how often each was replayed and with which last outcome.
SELECT
    toString(kafka_topic) AS topic, kafka_partition AS partition, kafka_offset AS offset,
    length(payload) AS bytes, replays, last_outcome, last_reason
FROM dead_letters
LEFT JOIN
(
    SELECT replay_of AS letter, count() AS replays,
        argMax((toString(outcome), toString(reason)), (ingested_at, kafka_offset)) AS last,
        last.1 AS last_outcome, last.2 AS last_reason
    FROM replays
    GROUP BY replay_of
) AS r ON r.letter = concat(kafka_topic, '/', toString(kafka_partition), '/', toString(kafka_offset))
WHERE ingested_at >= {since:DateTime64(3, 'UTC')} AND ingested_at < {until:DateTime64(3, 'UTC')}
    AND ({reason:String} = '' OR reason = {reason:String})
    AND ({partition:Int32} < 0 OR kafka_partition = {partition:Int32})
    AND ({offset:Int64} < 0 OR kafka_offset = {offset:Int64})
    AND ({topic:String} = '' OR kafka_topic = {topic:String})
    AND (topic, partition, offset) > ({after_topic:String}, {after_partition:Int32}, {after_offset:Int64})
ORDER BY topic, partition, offset
LIMIT {limit:UInt64}
