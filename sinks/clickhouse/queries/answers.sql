-- The answers to one KPI (1 good, -1 bad, else 0) with what their texts speak of.
-- The order does not matter to who reads them.
SELECT
    toUInt8(cityHash64(if(f.customer_id = '', f.event_id, f.customer_id)) % {groups:UInt8}) AS group,
    assumeNotNull(multiIf(
        {kpi:String} = 'nps', if(f.nps >= 9, 1, if(f.nps <= 6, -1, 0)),
        {kpi:String} = 'csat', if(f.csat >= 4, 1, 0),
        if(f.sentiment = 'positive', 1, if(f.sentiment = 'negative', -1, 0)))::Int8) AS value,
    f.location AS location, f.source AS channel, f.customer_segment AS segment,
    arrayDistinct(arrayFilter((t, s) -> s = 'negative', f.topics, f.topic_sentiments)) AS negative,
    arrayDistinct(arrayFilter((t, s) -> s = 'positive', f.topics, f.topic_sentiments)) AS positive
FROM feedback AS f
WHERE {{filter}}
  AND multiIf({kpi:String} = 'nps', isNotNull(f.nps), {kpi:String} = 'csat', isNotNull(f.csat), f.sentiment IN ('positive', 'neutral', 'negative'))
