-- What the context miner sees of each event, earliest day first: the table is
-- sorted by days, so that this order costs next to nothing. A topic counts once for
-- each event, however often the text speaks of it.
SELECT
    f.occurred_at AS occurred_at, f.hour_of_week AS hour_of_week,
    f.location AS location, f.source AS source, f.product AS product, f.team AS team, f.customer_segment AS segment,
    f.nps AS nps,
    arrayDistinct(arrayFilter((t, s) -> s = 'negative', f.topics, f.topic_sentiments)) AS negative
FROM feedback AS f
WHERE {{filter}}
ORDER BY toDate(f.occurred_at)
