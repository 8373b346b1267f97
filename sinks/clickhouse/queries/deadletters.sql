-- Refused messages, newest first, without their payload but for its beginning,
-- and what became of those that were replayed: of several replays of one the
-- best, an event before a duplicate before dead again, then the newest.
SELECT
    toString(kafka_topic) AS topic, kafka_partition AS partition, kafka_offset AS offset,
    toString(reason) AS reason, detail, ingested_at, kafka_time,
    length(payload) AS bytes, substring(payload, 1, 200) AS excerpt, replay_of,
    replays, replayed_at, replay_outcome, replay_reason, replayed_as
FROM dead_letters
LEFT JOIN
(
    SELECT replay_of AS letter, count() AS replays,
        argMin((ingested_at, outcome, toString(reason), concat(kafka_topic, '/', toString(kafka_partition), '/', toString(kafka_offset))),
               (outcome, -toUnixTimestamp64Milli(ingested_at), -kafka_offset)) AS best,
        best.1 AS replayed_at, toString(best.2) AS replay_outcome, best.3 AS replay_reason, best.4 AS replayed_as
    FROM replays
    GROUP BY replay_of
) AS r ON r.letter = concat(kafka_topic, '/', toString(kafka_partition), '/', toString(kafka_offset))
WHERE ingested_at >= {since:DateTime64(3, 'UTC')} AND ingested_at < {until:DateTime64(3, 'UTC')}
    AND ({reason:String} = '' OR reason = {reason:String})
    AND ({partition:Int32} < 0 OR kafka_partition = {partition:Int32})
    AND ({offset:Int64} < 0 OR kafka_offset = {offset:Int64})
    AND ({topic:String} = '' OR kafka_topic = {topic:String})
    AND ({state:String} = '' OR (replays = 0) = ({state:String} = 'open'))
ORDER BY ingested_at DESC, topic, partition, offset DESC
LIMIT {limit:UInt64}
