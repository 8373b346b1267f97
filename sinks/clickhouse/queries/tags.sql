-- Tags by the number of texts that carry them.
SELECT tag, count() AS mentions, countIf(f.sentiment = 'negative') AS negative
FROM feedback AS f
ARRAY JOIN arrayDistinct(f.tags) AS tag
WHERE {{filter}}
GROUP BY tag
ORDER BY mentions DESC, tag
LIMIT {limit:UInt64}
