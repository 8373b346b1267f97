-- Who was told of one alert's changes: of each change and target how it stands.
SELECT d.change_key AS change_key, toString(d.target) AS target, toString(d.outcome) AS outcome, d.attempts AS attempts, d.detail AS detail, d.at AS at
FROM alert_deliveries AS d
WHERE d.change_key IN (SELECT change_key FROM alert_changes WHERE id = {id:String})
ORDER BY d.at DESC
LIMIT 1 BY d.change_key, d.target
LIMIT 1000
