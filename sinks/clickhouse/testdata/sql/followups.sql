-- One row a case: an unhappy customer who has no answer or no solution yet
-- (rules: docs/sql.md, "Follow-up cases"). Whoever can be reached comes first.
WITH
threads AS
(
    -- What is known of a thread, over all of its events.
    SELECT
        f.thread_id AS thread_id,
        argMaxIf(f.customer_id, f.occurred_at, f.customer_id != '') AS customer_id,
        min(f.occurred_at) AS begun_at,
        min(f.first_response_at) AS first_answer_at,
        max(f.first_response_at) AS last_answer_at,
        max(if(ifNull(f.resolved, f.resolved_at IS NOT NULL), coalesce(f.resolved_at, f.occurred_at), NULL)) AS closed_at,
        argMax(f.resolved, f.occurred_at) AS resolved
    FROM feedback AS f
    WHERE true AND f.thread_id != ''
    GROUP BY f.thread_id
),
complaints AS
(
    SELECT
        f.kafka_topic AS kafka_topic, f.kafka_partition AS kafka_partition, f.kafka_offset AS kafka_offset,
        f.occurred_at AS occurred_at,
        coalesce(f.opened_at, f.occurred_at) AS opened_at,
        f.intents AS intents,
        if(f.customer_id != '', f.customer_id, t.customer_id) AS customer_id,
        multiIf(customer_id != '', concat('customer ', customer_id),
                f.customer_email != '', concat('email ', lowerUTF8(f.customer_email)),
                f.customer_phone != '', concat('phone ', f.customer_phone),
                f.thread_id != '', concat('thread ', f.thread_id),
                concat('event ', f.event_id)) AS case_key,
        hasAny(f.intents, {risks:Array(String)}) AS risky,
        ifNull(f.nps <= 6, false) OR ifNull(f.csat <= 2, false) OR ifNull(f.ces <= 3, false) OR ifNull(f.rating <= 2, false) AS low,
        if(f.thread_id = '', f.first_response_at, t.first_answer_at) AS answered_at,
        if(f.thread_id = '', f.resolved, t.resolved) AS resolved,
        -- The thread got an answer after this was said, or this is the record of
        -- a conversation in which it was answered.
        ifNull(t.last_answer_at >= f.occurred_at, false)
            OR (f.first_response_at IS NOT NULL AND (f.thread_id = '' OR f.occurred_at <= t.begun_at)) AS answered,
        ifNull(f.resolved, f.resolved_at IS NOT NULL) OR ifNull(t.closed_at >= f.occurred_at, false) AS closed
    FROM feedback AS f
    LEFT JOIN threads AS t ON f.thread_id = t.thread_id
    WHERE true
        AND f.direction != 'outbound'
        AND (low OR risky OR f.sentiment = 'negative')
        AND NOT closed
        AND NOT (answered AND ifNull(resolved, true))
),
cases AS
(
    SELECT
        case_key,
        any(c.customer_id) AS customer_id,
        argMax((c.kafka_topic, c.kafka_partition, c.kafka_offset), (c.occurred_at, c.kafka_partition, c.kafka_offset)) AS newest,
        count() AS open_complaints,
        min(c.opened_at) AS waiting_since,
        if(countIf(c.answered_at IS NULL) > 0, NULL, min(c.answered_at)) AS answered,
        arraySort(groupUniqArrayArray(c.intents)) AS all_intents
    FROM complaints AS c
    GROUP BY case_key
    ORDER BY startsWith(case_key, 'event '), max(c.risky) + max(c.low) + (answered IS NULL) DESC, waiting_since, case_key
    LIMIT {limit:UInt64}
)
SELECT
    e.event_id AS event_id, e.thread_id AS thread_id, e.occurred_at AS occurred_at,
    e.source AS source, e.platform AS platform, e.location AS location, e.product AS product, e.agent AS agent,
    multiIf(e.text != '', e.text, e.title != '', e.title,
            arrayStringConcat(arrayMap(t -> JSONExtractString(t, 'text'), arrayFilter(t -> JSONExtractString(t, 'role') = 'customer', JSONExtractArrayRaw(e.turns))), '\n')) AS text,
    e.rating AS rating, e.csat AS csat, e.nps AS nps, e.ces AS ces, e.sentiment AS sentiment, e.score AS score,
    arrayDistinct(arrayFilter((t, s) -> s = 'negative', e.topics, e.topic_sentiments)) AS topics,
    e.tags AS tags, k.all_intents AS intents,
    k.waiting_since AS opened_at, k.answered AS answered_at, k.open_complaints AS complaints,
    k.customer_id AS customer_id, e.customer_name AS name, e.customer_email AS email, e.customer_phone AS phone,
    e.customer_segment AS segment, e.customer_value AS value
FROM (SELECT * FROM feedback AS f WHERE true) AS e
INNER JOIN cases AS k ON (e.kafka_topic, e.kafka_partition, e.kafka_offset) = k.newest
ORDER BY startsWith(k.case_key, 'event '), k.waiting_since, k.case_key

-- One row a case: an unhappy customer who has no answer or no solution yet
-- (rules: docs/sql.md, "Follow-up cases"). Whoever can be reached comes first.
WITH
threads AS
(
    -- What is known of a thread, over all of its events.
    SELECT
        f.thread_id AS thread_id,
        argMaxIf(f.customer_id, f.occurred_at, f.customer_id != '') AS customer_id,
        min(f.occurred_at) AS begun_at,
        min(f.first_response_at) AS first_answer_at,
        max(f.first_response_at) AS last_answer_at,
        max(if(ifNull(f.resolved, f.resolved_at IS NOT NULL), coalesce(f.resolved_at, f.occurred_at), NULL)) AS closed_at,
        argMax(f.resolved, f.occurred_at) AS resolved
    FROM feedback AS f
    WHERE toDate(f.occurred_at) >= toDate({since:DateTime64(3, 'UTC')}) AND f.occurred_at >= {since:DateTime64(3, 'UTC')}
  AND toDate(f.occurred_at) <= toDate({until:DateTime64(3, 'UTC')}) AND f.occurred_at < {until:DateTime64(3, 'UTC')}
  AND f.source = {source:String}
  AND f.platform = {platform:String}
  AND f.location = {location:String}
  AND f.product = {product:String}
  AND f.team = {team:String}
  AND f.agent = {agent:String}
  AND f.customer_segment = {segment:String}
  AND arrayExists(t -> t = {topic:String} OR startsWith(t, concat({topic:String}, '.')), f.topics)
  AND arrayExists((t, s) -> s = {topic_sentiment:String} AND (t = {topic:String} OR startsWith(t, concat({topic:String}, '.'))), f.topics, f.topic_sentiments)
  AND has(f.contexts, {context:String})
  AND f.sentiment = {sentiment:String}
  AND f.language = {language:String}
  AND f.customer_id = {customer_id:String}
  AND (positionCaseInsensitiveUTF8(f.text, {text:String}) > 0 OR positionCaseInsensitiveUTF8(f.title, {text:String}) > 0 OR f.turns != '' AND arrayExists(t -> JSONExtractString(t, 'role') = 'customer' AND positionCaseInsensitiveUTF8(JSONExtractString(t, 'text'), {text:String}) > 0, JSONExtractArrayRaw(f.turns)))
  AND f.hour_of_week = {hour_of_week:Int64}
  AND f.hour_of_week % 24 = {hour:Int64} AND f.thread_id != ''
    GROUP BY f.thread_id
),
complaints AS
(
    SELECT
        f.kafka_topic AS kafka_topic, f.kafka_partition AS kafka_partition, f.kafka_offset AS kafka_offset,
        f.occurred_at AS occurred_at,
        coalesce(f.opened_at, f.occurred_at) AS opened_at,
        f.intents AS intents,
        if(f.customer_id != '', f.customer_id, t.customer_id) AS customer_id,
        multiIf(customer_id != '', concat('customer ', customer_id),
                f.customer_email != '', concat('email ', lowerUTF8(f.customer_email)),
                f.customer_phone != '', concat('phone ', f.customer_phone),
                f.thread_id != '', concat('thread ', f.thread_id),
                concat('event ', f.event_id)) AS case_key,
        hasAny(f.intents, {risks:Array(String)}) AS risky,
        ifNull(f.nps <= 6, false) OR ifNull(f.csat <= 2, false) OR ifNull(f.ces <= 3, false) OR ifNull(f.rating <= 2, false) AS low,
        if(f.thread_id = '', f.first_response_at, t.first_answer_at) AS answered_at,
        if(f.thread_id = '', f.resolved, t.resolved) AS resolved,
        -- The thread got an answer after this was said, or this is the record of
        -- a conversation in which it was answered.
        ifNull(t.last_answer_at >= f.occurred_at, false)
            OR (f.first_response_at IS NOT NULL AND (f.thread_id = '' OR f.occurred_at <= t.begun_at)) AS answered,
        ifNull(f.resolved, f.resolved_at IS NOT NULL) OR ifNull(t.closed_at >= f.occurred_at, false) AS closed
    FROM feedback AS f
    LEFT JOIN threads AS t ON f.thread_id = t.thread_id
    WHERE toDate(f.occurred_at) >= toDate({since:DateTime64(3, 'UTC')}) AND f.occurred_at >= {since:DateTime64(3, 'UTC')}
  AND toDate(f.occurred_at) <= toDate({until:DateTime64(3, 'UTC')}) AND f.occurred_at < {until:DateTime64(3, 'UTC')}
  AND f.source = {source:String}
  AND f.platform = {platform:String}
  AND f.location = {location:String}
  AND f.product = {product:String}
  AND f.team = {team:String}
  AND f.agent = {agent:String}
  AND f.customer_segment = {segment:String}
  AND arrayExists(t -> t = {topic:String} OR startsWith(t, concat({topic:String}, '.')), f.topics)
  AND arrayExists((t, s) -> s = {topic_sentiment:String} AND (t = {topic:String} OR startsWith(t, concat({topic:String}, '.'))), f.topics, f.topic_sentiments)
  AND has(f.contexts, {context:String})
  AND f.sentiment = {sentiment:String}
  AND f.language = {language:String}
  AND f.customer_id = {customer_id:String}
  AND (positionCaseInsensitiveUTF8(f.text, {text:String}) > 0 OR positionCaseInsensitiveUTF8(f.title, {text:String}) > 0 OR f.turns != '' AND arrayExists(t -> JSONExtractString(t, 'role') = 'customer' AND positionCaseInsensitiveUTF8(JSONExtractString(t, 'text'), {text:String}) > 0, JSONExtractArrayRaw(f.turns)))
  AND f.hour_of_week = {hour_of_week:Int64}
  AND f.hour_of_week % 24 = {hour:Int64}
        AND f.direction != 'outbound'
        AND (low OR risky OR f.sentiment = 'negative')
        AND NOT closed
        AND NOT (answered AND ifNull(resolved, true))
),
cases AS
(
    SELECT
        case_key,
        any(c.customer_id) AS customer_id,
        argMax((c.kafka_topic, c.kafka_partition, c.kafka_offset), (c.occurred_at, c.kafka_partition, c.kafka_offset)) AS newest,
        count() AS open_complaints,
        min(c.opened_at) AS waiting_since,
        if(countIf(c.answered_at IS NULL) > 0, NULL, min(c.answered_at)) AS answered,
        arraySort(groupUniqArrayArray(c.intents)) AS all_intents
    FROM complaints AS c
    GROUP BY case_key
    ORDER BY startsWith(case_key, 'event '), max(c.risky) + max(c.low) + (answered IS NULL) DESC, waiting_since, case_key
    LIMIT {limit:UInt64}
)
SELECT
    e.event_id AS event_id, e.thread_id AS thread_id, e.occurred_at AS occurred_at,
    e.source AS source, e.platform AS platform, e.location AS location, e.product AS product, e.agent AS agent,
    multiIf(e.text != '', e.text, e.title != '', e.title,
            arrayStringConcat(arrayMap(t -> JSONExtractString(t, 'text'), arrayFilter(t -> JSONExtractString(t, 'role') = 'customer', JSONExtractArrayRaw(e.turns))), '\n')) AS text,
    e.rating AS rating, e.csat AS csat, e.nps AS nps, e.ces AS ces, e.sentiment AS sentiment, e.score AS score,
    arrayDistinct(arrayFilter((t, s) -> s = 'negative', e.topics, e.topic_sentiments)) AS topics,
    e.tags AS tags, k.all_intents AS intents,
    k.waiting_since AS opened_at, k.answered AS answered_at, k.open_complaints AS complaints,
    k.customer_id AS customer_id, e.customer_name AS name, e.customer_email AS email, e.customer_phone AS phone,
    e.customer_segment AS segment, e.customer_value AS value
FROM (SELECT * FROM feedback AS f WHERE toDate(f.occurred_at) >= toDate({since:DateTime64(3, 'UTC')}) AND f.occurred_at >= {since:DateTime64(3, 'UTC')}
  AND toDate(f.occurred_at) <= toDate({until:DateTime64(3, 'UTC')}) AND f.occurred_at < {until:DateTime64(3, 'UTC')}
  AND f.source = {source:String}
  AND f.platform = {platform:String}
  AND f.location = {location:String}
  AND f.product = {product:String}
  AND f.team = {team:String}
  AND f.agent = {agent:String}
  AND f.customer_segment = {segment:String}
  AND arrayExists(t -> t = {topic:String} OR startsWith(t, concat({topic:String}, '.')), f.topics)
  AND arrayExists((t, s) -> s = {topic_sentiment:String} AND (t = {topic:String} OR startsWith(t, concat({topic:String}, '.'))), f.topics, f.topic_sentiments)
  AND has(f.contexts, {context:String})
  AND f.sentiment = {sentiment:String}
  AND f.language = {language:String}
  AND f.customer_id = {customer_id:String}
  AND (positionCaseInsensitiveUTF8(f.text, {text:String}) > 0 OR positionCaseInsensitiveUTF8(f.title, {text:String}) > 0 OR f.turns != '' AND arrayExists(t -> JSONExtractString(t, 'role') = 'customer' AND positionCaseInsensitiveUTF8(JSONExtractString(t, 'text'), {text:String}) > 0, JSONExtractArrayRaw(f.turns)))
  AND f.hour_of_week = {hour_of_week:Int64}
  AND f.hour_of_week % 24 = {hour:Int64}) AS e
INNER JOIN cases AS k ON (e.kafka_topic, e.kafka_partition, e.kafka_offset) = k.newest
ORDER BY startsWith(k.case_key, 'event '), k.waiting_since, k.case_key
-- since = 2026-03-01T00:00:00Z
-- until = 2026-04-01T00:00:00Z
-- source = review
-- platform = google
-- location = it's
-- product = p
-- team = t
-- agent = a
-- segment = vip
-- topic = service
-- topic_sentiment = negative
-- context = peak_hours
-- sentiment = negative
-- language = en
-- customer_id = c
-- text = 100%
-- hour_of_week = 42
-- hour = 18

