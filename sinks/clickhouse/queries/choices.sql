-- The values that occur, most frequent first.
SELECT kind, value
FROM
(
    SELECT 'source' AS kind, toString(f.source) AS value, count() AS uses FROM feedback AS f WHERE {{filter}} GROUP BY value
    UNION ALL
    SELECT 'platform' AS kind, toString(f.platform) AS value, count() AS uses FROM feedback AS f WHERE {{filter}} GROUP BY value
    UNION ALL
    SELECT 'location' AS kind, toString(f.location) AS value, count() AS uses FROM feedback AS f WHERE {{filter}} GROUP BY value
    UNION ALL
    SELECT 'product' AS kind, toString(f.product) AS value, count() AS uses FROM feedback AS f WHERE {{filter}} GROUP BY value
    UNION ALL
    SELECT 'topic' AS kind, toString(topic) AS value, count() AS uses FROM feedback AS f ARRAY JOIN f.topics AS topic WHERE {{filter}} GROUP BY value
    UNION ALL
    SELECT 'context' AS kind, toString(context) AS value, count() AS uses FROM feedback AS f ARRAY JOIN f.contexts AS context WHERE {{filter}} GROUP BY value
)
WHERE value != ''
ORDER BY kind, uses DESC, value
LIMIT 1000 BY kind
