-- Who began a round of adapting since then, in microseconds; the first one makes it.
SELECT worker
FROM model_rounds
WHERE at > fromUnixTimestamp64Micro({since:Int64})
ORDER BY at, worker
LIMIT 1
