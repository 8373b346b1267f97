-- What became of sentiment models, in its order: the newest lines, or of those the
-- ones that put a version in place. The bytes of the artefacts are left out.
SELECT * FROM
(
    SELECT at, decision, version, parent, kind, language, made_at, learned, events_from, events_to,
           judged, accuracy, accuracy_low, accuracy_high, current_accuracy, current_low, current_high, reason, by
    FROM models
    WHERE {places:UInt8} = 0 OR decision != 'refused'
    ORDER BY at DESC, version
    LIMIT {limit:UInt64}
)
ORDER BY at, version
