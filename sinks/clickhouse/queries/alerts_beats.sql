-- Public negatives of the last hour by when they were said. The primary key
-- leads to the day and the channels, so that it reads little however much is
-- stored. What is older came late, by an import or a poller: no burst of now. Newest
-- first, so that a flood cuts off what is oldest.
SELECT toStartOfInterval(f.occurred_at, toIntervalSecond(1)) AS at, toString(f.location) AS location, count() AS count
FROM feedback AS f
WHERE f.source IN ('review', 'social') AND f.sentiment = 'negative'
  AND f.occurred_at >= {since:DateTime64(3)} AND f.occurred_at < {until:DateTime64(3)}
GROUP BY at, location
ORDER BY at DESC, location
LIMIT 100000
