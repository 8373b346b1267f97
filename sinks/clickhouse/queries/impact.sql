-- The answers behind each KPI of the feedback that complains of a topic, by group
-- of customers; topic '' is all feedback. A balance is good answers less bad ones.
SELECT
    topic, group,
    count(nps) AS nps_answers,
    toInt64(countIf(nps >= 9)) - toInt64(countIf(nps <= 6)) AS nps_balance,
    count(csat) AS csat_answers,
    toInt64(countIf(csat >= 4)) AS csat_balance,
    countIf(sentiment IN ('positive', 'neutral', 'negative')) AS scored,
    toInt64(countIf(sentiment = 'positive')) - toInt64(countIf(sentiment = 'negative')) AS net
FROM
(
    SELECT
        arrayJoin(arrayConcat([''], arrayDistinct(arrayFilter((t, s) -> s = 'negative', f.topics, f.topic_sentiments)))) AS topic,
        toUInt8(cityHash64(if(f.customer_id = '', f.event_id, f.customer_id)) % {groups:UInt8}) AS group,
        f.nps AS nps, f.csat AS csat, f.sentiment AS sentiment
    FROM feedback AS f
    WHERE {{filter}}
)
GROUP BY topic, group
ORDER BY topic, group
