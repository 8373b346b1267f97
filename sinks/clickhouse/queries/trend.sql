-- One row a day (UTC) that has feedback.
SELECT
    toDate(f.occurred_at) AS day,
    count() AS volume,
    countIf(f.sentiment = 'positive') AS positive,
    countIf(f.sentiment = 'neutral') AS neutral,
    countIf(f.sentiment = 'negative') AS negative,
    100 * (positive - negative) / nullIf(positive + neutral + negative, 0) AS net_sentiment,
    100 * countIf(f.csat >= 4) / nullIf(count(f.csat), 0) AS csat,
    100 * (countIf(f.nps >= 9) - countIf(f.nps <= 6)) / nullIf(count(f.nps), 0) AS nps
FROM feedback AS f
WHERE {{filter}}
GROUP BY day
ORDER BY day
