-- +goose Up
-- Alerts as a log of what became of them: a row for each change, never altered.
-- Acknowledgements have rows of their own, so that they and a watcher's rows
-- cannot overwrite each other.
CREATE TABLE IF NOT EXISTS alert_changes
(
    change_key  String,
    change      LowCardinality(String),
    changed_at  DateTime64(3, 'UTC'),
    id          String,
    version     UInt32,
    key         String,
    kind        LowCardinality(String),
    state       LowCardinality(String),
    topic       String,
    location    String,
    channel     LowCardinality(String),
    since       DateTime64(3, 'UTC'),
    raised_at   DateTime64(3, 'UTC'),
    last_at     DateTime64(3, 'UTC'),
    count       UInt64,
    expected    Float64,
    lift        Float64,
    p           Float64,
    q           Float64,
    sentence    String,
    ack_by      String,
    ack_note    String
)
ENGINE = MergeTree
ORDER BY (id, version, changed_at);

-- What was told to whom: the outbox is what alert_changes has and this has not.
CREATE TABLE IF NOT EXISTS alert_deliveries
(
    change_key  String,
    target      LowCardinality(String),
    outcome     LowCardinality(String), -- sent or failed
    attempts    UInt32,
    detail      String,
    at          DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (change_key, target, at);

-- Signs of life: of several watchers the one that has lived longest acts.
CREATE TABLE IF NOT EXISTS alert_watchers
(
    watcher     String,
    started_at  DateTime64(6, 'UTC'),
    seen_at     DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY seen_at
TTL toDateTime(seen_at) + INTERVAL 1 DAY;

CREATE VIEW IF NOT EXISTS alerts AS
SELECT id, any(c.key) AS key, any(c.kind) AS kind,
       multiIf(argMaxIf(c.state, c.version, c.change != 'acknowledged') = 'resolved', 'resolved',
               countIf(c.change = 'acknowledged') > 0, 'acknowledged', 'open') AS state,
       any(c.topic) AS topic, any(c.location) AS location, any(c.channel) AS channel,
       min(c.since) AS since, min(c.raised_at) AS raised_at, max(c.last_at) AS last_at,
       argMaxIf(c.count, c.version, c.change != 'acknowledged') AS count,
       argMaxIf(c.expected, c.version, c.change != 'acknowledged') AS expected,
       argMaxIf(c.lift, c.version, c.change != 'acknowledged') AS lift,
       argMaxIf(c.p, c.version, c.change != 'acknowledged') AS p,
       argMaxIf(c.q, c.version, c.change != 'acknowledged') AS q,
       argMaxIf(c.sentence, c.version, c.change != 'acknowledged') AS sentence,
       argMaxIf(c.ack_by, c.changed_at, c.change = 'acknowledged') AS ack_by,
       maxIf(c.changed_at, c.change = 'acknowledged') AS ack_at,
       argMaxIf(c.ack_note, c.changed_at, c.change = 'acknowledged') AS ack_note,
       max(c.version) AS version
FROM alert_changes AS c
GROUP BY id;

-- +goose Down
DROP VIEW IF EXISTS alerts;
DROP TABLE IF EXISTS alert_watchers;
DROP TABLE IF EXISTS alert_deliveries;
DROP TABLE IF EXISTS alert_changes;
