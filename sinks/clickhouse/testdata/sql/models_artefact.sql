-- The artefacts whose versions begin like that, two at the most: a beginning may be
-- that of several.
SELECT m.version AS version, any(m.artefact) AS bytes
FROM models AS m
WHERE startsWith(m.version, {version:String}) AND m.artefact != ''
GROUP BY version
ORDER BY version = {version:String} DESC, version
LIMIT 2

