-- The words of a selection, oldest first, of one in so many events by their ids. Of a
-- conversation what the customer said, a line each, as it was scored.
SELECT
    f.event_id AS event_id, f.occurred_at AS occurred_at, f.source AS source, f.language AS language,
    if(f.turns != '', arrayStringConcat(arrayMap(t -> JSONExtractString(t, 'text'), arrayFilter(t -> JSONExtractString(t, 'role') = 'customer', JSONExtractArrayRaw(f.turns))), '\n'), '') AS said,
    if(said != '', said, f.text) AS text, if(said != '', '', f.title) AS title
FROM feedback AS f
WHERE {{filter}}
  AND f.sentiment IN ('positive', 'neutral', 'negative')
  AND cityHash64(f.event_id) % {one_in:UInt64} = 0
ORDER BY f.occurred_at, f.kafka_partition, f.kafka_offset
