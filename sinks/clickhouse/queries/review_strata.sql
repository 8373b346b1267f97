-- How many scored texts there are, and of each topic how many that carry its tag or
-- one below it.
SELECT count() AS texts,
       sumForEach(arrayMap(q -> toUInt64(arrayExists(t -> t = q OR startsWith(t, concat(q, '.')), f.topics)), {reviewed_topics:Array(String)})) AS tagged
FROM feedback AS f
WHERE {{filter}}
  AND f.sentiment != 'unknown'
