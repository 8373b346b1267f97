-- The newest events that have words and a rating, oldest first: what a model learns
-- from. Of a conversation what the customer said, a line each, as it was scored; of
-- long texts the beginning.
SELECT event_id, ingested_at, channel, customer_id, text, rating, csat, nps FROM
(
    SELECT
        f.event_id AS event_id, f.ingested_at AS ingested_at, f.source AS channel, f.customer_id AS customer_id,
        leftUTF8(multiIf(f.turns != '' AND said != '', said, f.text = '', f.title, f.title = '', f.text, concat(f.text, '\n', f.title)), 4000) AS text,
        arrayStringConcat(arrayMap(t -> JSONExtractString(t, 'text'), arrayFilter(t -> JSONExtractString(t, 'role') = 'customer', JSONExtractArrayRaw(f.turns))), '\n') AS said,
        toFloat64(f.rating) AS rating, f.csat AS csat, f.nps AS nps
    FROM feedback AS f
    WHERE {{filter}}
      AND (f.text != '' OR f.title != '' OR f.turns != '')
      AND (isNotNull(f.rating) OR isNotNull(f.csat) OR isNotNull(f.nps))
    ORDER BY f.ingested_at DESC, f.kafka_partition DESC, f.kafka_offset DESC
    LIMIT {limit:UInt64}
)
ORDER BY ingested_at, event_id
