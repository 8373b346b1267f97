-- What scored the events of the selection.
SELECT f.model AS model, count() AS events, countIf(f.sentiment != 'unknown') AS scored,
       min(f.occurred_at) AS first, max(f.occurred_at) AS last
FROM feedback AS f
WHERE {{filter}}
GROUP BY f.model
ORDER BY events DESC, model
LIMIT 10000
