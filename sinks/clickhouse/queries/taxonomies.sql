-- When which taxonomy was put in force. Several workers that start at once may
-- each have written it.
SELECT version, put_in_force_at
FROM
(
    SELECT version, put_in_force_at,
           lagInFrame(version) OVER (ORDER BY put_in_force_at, version ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
    FROM taxonomies
)
WHERE version != before
ORDER BY put_in_force_at DESC, version
LIMIT 10000
