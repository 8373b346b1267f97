-- What became of one alert, in order.
SELECT
    change_key, toString(change) AS change, changed_at, toString(state) AS state, count, sentence, ack_by, ack_note
FROM alert_changes
WHERE id = {id:String}
ORDER BY changed_at, version
LIMIT 1000

