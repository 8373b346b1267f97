-- Public negatives of past weeks in the hour around this moment of the week, by
-- location and for the whole chain (chain = 1): one count a week, the nearest
-- first; beside it all of them, and since when there is feedback at all.
WITH counted AS
(
    SELECT
        toString(f.location) AS location,
        intDiv(dateDiff('second', f.occurred_at, {now:DateTime64(3)}) + 1800, 604800) AS week,
        (dateDiff('second', f.occurred_at, {now:DateTime64(3)}) + 1800) % 604800 < 3600 AS this_hour,
        count() AS n
    FROM feedback AS f
    WHERE f.source IN ('review', 'social') AND f.sentiment = 'negative'
      AND f.occurred_at >= {since:DateTime64(3)} AND f.occurred_at < {until:DateTime64(3)}
    GROUP BY location, week, this_hour
)
SELECT
    c.location AS location,
    grouping(c.location) = 1 AS chain,
    arraySlice(sumForEach(arrayMap(w -> if(w = c.week AND c.this_hour, c.n, 0), range(toUInt8({weeks:UInt8} + 1)))), 2) AS past,
    sum(c.n) AS total,
    (SELECT min(occurred_at) FROM feedback WHERE occurred_at >= {since:DateTime64(3)}) AS first
FROM counted AS c
GROUP BY GROUPING SETS ((), (c.location))
ORDER BY chain DESC, location

