-- What the context miner sees of each event, earliest day first: the table is
-- sorted by days, so that this order costs next to nothing. A topic counts once for
-- each event, however often the text speaks of it. Topics come as one text each row,
-- which repeats, and no answer as 255: that is half the work of lists and nulls.
SELECT
    toDate(f.occurred_at) AS day, f.hour_of_week AS hour_of_week,
    f.location AS location, f.source AS source, f.product AS product, f.team AS team, f.customer_segment AS segment,
    ifNull(f.nps, 255) AS nps,
    toLowCardinality(arrayStringConcat(arrayDistinct(arrayFilter((t, s) -> s = 'negative', f.topics, f.topic_sentiments)), '\n')) AS negative
FROM feedback AS f
WHERE {{filter}}
ORDER BY day
