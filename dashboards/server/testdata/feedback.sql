-- A chain of six stores over 41 days, 12,000 pieces of feedback. store-3 is slow on
-- Fridays between 18 and 20 o'clock; the rest is even.
INSERT INTO records (outcome, event_id, occurred_at, ingested_at, kafka_time, hour_of_week, source, platform, location, product,
    customer_id, customer_name, customer_email, customer_segment, text, language, rating, csat, nps, ces,
    opened_at, first_response_at, thread_id, sentiment, score, confidence,
    topics, topic_sentiments, topic_scores, topic_starts, topic_ends, contexts, tags, intents, model, kafka_topic, kafka_partition, kafka_offset)
WITH
    now64(3, 'UTC') - toIntervalMinute(30 + number * 5) AS at,
    (toDayOfWeek(at) - 1) * 24 + toHour(at) AS how,
    concat('store-', toString(1 + number % 6)) AS place,
    number % 5 = 0 OR (place = 'store-3' AND how BETWEEN 114 AND 116) AS bad,
    'survey' AS channel,
    'Déjà vu 😤: the service was painfully slow — again.' AS complaint,
    'The crêpes were delicious, thank you.' AS praise,
    if(bad, 'the service was painfully slow', 'crêpes were delicious') AS phrase,
    if(bad, complaint, praise) AS words
SELECT 'event', concat('e', toString(number)), at, now64(3), at, how, if(number % 3 = 0, channel, 'review'), 'google', place, 'menu',
    concat('c-', toString(number % 700)), 'Ada', if(number % 2 = 0, 'ada@example.com', ''), if(number % 9 = 0, 'vip', ''), words, 'en', if(bad, 2, 5),
    if(channel = 'survey' AND number % 3 = 0, if(bad, 1, 5), NULL), if(number % 3 = 0, if(bad, 2, 9), NULL), if(number % 3 = 0, if(bad, 2, 6), NULL),
    if(number % 4 = 0, at, NULL), if(number % 4 = 0, at + toIntervalSecond(60 + number % 1000), NULL), if(number % 4 = 0, concat('t', toString(number)), ''),
    if(bad, 'negative', 'positive'), if(bad, -0.6, 0.7), 0.9,
    [if(bad, 'service.speed', 'food.quality')], [if(bad, 'negative', 'positive')], [if(bad, -0.6, 0.7)],
    [position(words, phrase) - 1], [position(words, phrase) - 1 + length(phrase)], if(how % 24 IN (12, 18, 19), ['peak_hours'], []),
    if(bad, ['slow service'], []), if(number % 50 = 0, ['churn_risk'], []), 'test', 'feedback.events', 0, number
FROM numbers(12000)
