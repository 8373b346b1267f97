-- How the scores of texts compare with the ratings that came with them, which the
-- scoring never sees: truth by score by bin of confidence. Stars go before CSAT
-- before NPS; 4-5 stars, CSAT 4-5 and NPS 9-10 are positive, 1-2 and 0-6 negative.
SELECT
    f.source AS channel,
    f.language AS language,
    multiIf(isNotNull(f.rating), multiIf(f.rating >= 4, 'positive', f.rating <= 2, 'negative', 'neutral'),
            isNotNull(f.csat), multiIf(f.csat >= 4, 'positive', f.csat <= 2, 'negative', 'neutral'),
            multiIf(f.nps >= 9, 'positive', f.nps <= 6, 'negative', 'neutral')) AS truth,
    f.sentiment AS sentiment,
    toUInt8(least(14, greatest(0, floor(f.confidence * 15)))) AS bin,
    count() AS events,
    sum(toFloat64(f.confidence)) AS confidence
FROM feedback AS f
WHERE {{filter}}
  AND f.sentiment IN ('positive', 'neutral', 'negative')
  AND (isNotNull(f.rating) OR isNotNull(f.csat) OR isNotNull(f.nps))
GROUP BY channel, language, truth, sentiment, bin
ORDER BY channel, language, truth, sentiment, bin
