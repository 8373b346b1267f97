-- The texts of the versions whose name, or the part of it after @, begins so.
SELECT version, any(yaml) AS yaml
FROM taxonomies
WHERE startsWith(version, {version:String}) OR startsWith(splitByChar('@', version)[-1], {version:String})
GROUP BY version
ORDER BY version
LIMIT 20
