-- The watcher that acts: of those who lived in the last seconds the eldest.
SELECT watcher
FROM alert_watchers
WHERE seen_at > now64(6) - toIntervalSecond({seconds:UInt32})
ORDER BY started_at, watcher
LIMIT 1

