-- Figures by hour of the local week; hours without feedback have no row.
SELECT
    f.hour_of_week AS hour_of_week,
    count() AS volume,
    countIf(f.sentiment IN ('positive', 'neutral', 'negative')) AS scored,
    countIf(f.sentiment = 'negative') AS negative,
    100 * (countIf(f.sentiment = 'positive') - negative) / nullIf(scored, 0) AS net_sentiment
FROM feedback AS f
WHERE {{filter}}
GROUP BY hour_of_week
ORDER BY hour_of_week
