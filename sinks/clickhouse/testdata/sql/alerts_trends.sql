-- Complaints about each topic in the last days and in the same days of each past
-- week (index i: i weeks ago), by location, by channel and for the whole chain.
-- The topic '' counts all feedback, whatever it speaks of.
WITH counted AS
(
    SELECT
        t AS topic, toString(f.location) AS location, toString(f.source) AS channel,
        intDiv(dateDiff('second', f.occurred_at, {now:DateTime64(3)}), 604800) AS week,
        count() AS n
    FROM feedback AS f
    ARRAY JOIN arrayPushBack(arrayDistinct(arrayFilter((t, s) -> s = 'negative', f.topics, f.topic_sentiments)), '') AS t
    WHERE f.occurred_at >= {since:DateTime64(3)} AND f.occurred_at < {now:DateTime64(3)}
      AND dateDiff('second', f.occurred_at, {now:DateTime64(3)}) % 604800 < {seconds:UInt32}
    GROUP BY topic, location, channel, week
)
SELECT
    toString(c.topic) AS topic, c.location AS location, c.channel AS channel,
    grouping(c.location) = 0 AS by_location, grouping(c.channel) = 0 AS by_channel,
    sumForEach(arrayMap(w -> if(w = c.week, c.n, 0), range(toUInt8({weeks:UInt8} + 1)))) AS counts
FROM counted AS c
GROUP BY GROUPING SETS ((c.topic), (c.topic, c.location), (c.topic, c.channel))
ORDER BY topic, location, channel

