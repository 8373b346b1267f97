-- Where the events are whose id is in the table more than once, in a slice of
-- the hashes.
SELECT event_id AS id, toString(kafka_topic) AS topic, kafka_partition AS partition, kafka_offset AS offset
FROM records
WHERE outcome = 'event' AND id_hash IN
(
    SELECT id_hash
    FROM records
    WHERE outcome = 'event' AND id_hash BETWEEN {first:UInt64} AND {last:UInt64}
    GROUP BY id_hash
    HAVING count() > 1
    ORDER BY id_hash
    LIMIT {limit:UInt64}
)
ORDER BY id, topic, partition, offset
LIMIT 20 BY id
