-- Who began the rounds of adapting since then, by the server's clock; the first one
-- makes the round.
SELECT worker
FROM model_rounds
WHERE at > now64(6) - toIntervalMillisecond({milliseconds:UInt64})
ORDER BY at, worker
LIMIT 1

