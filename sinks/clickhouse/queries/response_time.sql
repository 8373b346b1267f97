-- Median first response. A thread counts once, however many of its events are
-- selected: first answer minus opening. An event without a thread is its own.
-- An answer before the opening is a clock error and not counted.
SELECT
    quantileExactInclusive(0.5)(seconds) AS first_response_seconds,
    count() AS responses
FROM
(
    SELECT dateDiff('millisecond', min(f.opened_at), min(f.first_response_at)) / 1000 AS seconds
    FROM feedback AS f
    WHERE {{filter}} AND (f.opened_at IS NOT NULL OR f.first_response_at IS NOT NULL)
    GROUP BY f.thread_id, if(f.thread_id = '', f.event_id, '')
    HAVING seconds >= 0
)
