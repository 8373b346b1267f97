-- The words of each event as they were analysed, and what a taxonomy looks at beside
-- them. Of a conversation what the customer said, a line each.
SELECT
    f.event_id AS event_id,
    multiIf(said != '', said, trimBoth(f.text) = '', f.title, trimBoth(f.title) = '', f.text, concat(f.text, '\n', f.title)) AS words,
    f.language AS language, f.source AS source, f.location AS location, f.occurred_at AS occurred_at, f.hour_of_week AS hour_of_week,
    if(f.turns = '', '', arrayStringConcat(arrayMap(t -> JSONExtractString(t, 'text'), arrayFilter(t -> JSONExtractString(t, 'role') = 'customer' AND match(JSONExtractString(t, 'text'), '\\S'), JSONExtractArrayRaw(f.turns))), '\n')) AS said
FROM feedback AS f
WHERE {{filter}}
