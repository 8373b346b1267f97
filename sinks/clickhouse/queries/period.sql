-- When the selected feedback begins and ends.
SELECT count() AS events, min(f.occurred_at) AS first, max(f.occurred_at) AS last
FROM feedback AS f
WHERE {{filter}}
