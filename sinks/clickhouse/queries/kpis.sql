-- Headline figures of the selected feedback. A share over nothing is NULL.
SELECT
    count() AS volume,
    countIf(f.sentiment = 'positive') AS positive,
    countIf(f.sentiment = 'neutral') AS neutral,
    countIf(f.sentiment = 'negative') AS negative,
    countIf(f.sentiment NOT IN ('positive', 'neutral', 'negative')) AS unknown,
    100 * (positive - negative) / nullIf(positive + neutral + negative, 0) AS net_sentiment,
    count(f.csat) AS csat_answers,
    100 * countIf(f.csat >= 4) / nullIf(csat_answers, 0) AS csat,
    count(f.nps) AS nps_answers,
    100 * (countIf(f.nps >= 9) - countIf(f.nps <= 6)) / nullIf(nps_answers, 0) AS nps,
    count(f.ces) AS ces_answers,
    avg(f.ces) AS ces,
    count(f.rating) AS ratings,
    avg(f.rating) AS rating
FROM feedback AS f
WHERE {{filter}}
