package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

// doctorPatience bounds one question to one server.
const doctorPatience = 6 * time.Second

// kafkaFindings checks the broker and the topics that must be there. The second
// result is what each partition of the events holds, nil if unknown.
func kafkaFindings(ctx context.Context, cfg config.Config) ([]diagnosis, map[int32]logBounds) {
	const check = "kafka"
	if err := cfg.RequireKafka(); err != nil {
		return []diagnosis{unreachableFinding(check, err, "")}, nil
	}
	brokers := strings.Join(cfg.Kafka.Brokers, ",")
	const startBroker = "start the broker, or correct kafka.brokers (--kafka, EARSHOT_KAFKA_BROKERS)"
	if err := anyoneListens(ctx, cfg.Kafka.Brokers); err != nil {
		return []diagnosis{unreachableFinding(check, err, startBroker)}, nil
	}
	source := kafka.NewSource(kafka.Options{Cluster: cfg.Kafka.Cluster()})
	defer source.Close()
	var findings []diagnosis
	for _, topic := range []string{cfg.Kafka.EventsTopic, cfg.Kafka.DeadLettersTopic} {
		partitions, err := topicPartitions(ctx, source, topic)
		var unreachable *kafka.UnreachableError
		var refused *kafka.AccessError
		switch {
		case errors.As(err, &refused):
			return []diagnosis{unreachableFinding(check, err, "correct the settings named, then `earshot config check`")}, nil
		case errors.As(err, &unreachable):
			return []diagnosis{unreachableFinding(check, err, startBroker)}, nil
		case err != nil:
			findings = append(findings, found("topic", "%v", err).fail("start `earshot worker` or `earshot up`, which create it; or create it by hand"))
		default:
			findings = append(findings, found("topic", "%s, %d partitions", topic, len(partitions)))
		}
	}
	findings = append([]diagnosis{found(check, "answers on %s", brokers)}, findings...)
	bounds, err := eventBounds(ctx, source, cfg.Kafka.EventsTopic)
	if err != nil {
		return findings, nil // the topic's own diagnosis says why
	}
	return findings, bounds
}

// anyoneListens tells at once what a client, which tries again, tells late.
func anyoneListens(ctx context.Context, brokers []string) error {
	var failed error
	for _, broker := range brokers {
		err := dials(ctx, broker)
		if err == nil {
			return nil
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

func dials(ctx context.Context, address string) error {
	dialer := net.Dialer{Timeout: 2 * time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}

func unreachableFinding(check string, err error, todo string) diagnosis {
	f := found(check, "%v", err).fail(todo)
	f.unreachable = true
	return f
}

func topicPartitions(ctx context.Context, source *kafka.Source, topic string) ([]int32, error) {
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	return source.Partitions(ctx, topic)
}

// logBounds are a partition's first offset and the one after its last.
type logBounds struct{ first, end int64 }

func eventBounds(ctx context.Context, source *kafka.Source, topic string) (map[int32]logBounds, error) {
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	partitions, err := source.Partitions(ctx, topic)
	if err != nil {
		return nil, err
	}
	bounds := map[int32]logBounds{}
	for _, number := range partitions {
		first, end, err := source.Bounds(ctx, pipeline.TopicPartition{Topic: topic, Partition: number})
		if err != nil {
			return nil, err
		}
		bounds[number] = logBounds{first, end}
	}
	return bounds, nil
}

// clickhouseFindings checks server, schema, clock and the reading user. The
// second result is how far each partition is stored, nil if unknown.
func clickhouseFindings(ctx context.Context, cfg config.Config) ([]diagnosis, map[int32]int64) {
	const check = "clickhouse"
	if err := cfg.RequireClickHouse(); err != nil {
		return []diagnosis{unreachableFinding(check, err, "")}, nil
	}
	status, err := serverStatus(ctx, cfg.ClickHouse.Server())
	if err != nil {
		return []diagnosis{serverFinding(check, err, "clickhouse.url (--clickhouse, EARSHOT_CLICKHOUSE_URL)")}, nil
	}
	findings := []diagnosis{
		found(check, "%s answers on %s", status.Version, config.Mask(cfg.ClickHouse.URL)),
		schemaFinding(status), readerFinding(ctx, cfg), clockFinding(status.Skew),
	}
	if status.Schema == 0 {
		return findings, nil
	}
	positions, err := storedPositions(ctx, cfg)
	if err != nil {
		return append(findings, found("records", "%v", err).fail("run `earshot migrate`")), nil
	}
	return findings, positions
}

func serverStatus(ctx context.Context, server clickhouse.Server) (clickhouse.ServerStatus, error) {
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	return clickhouse.Status(ctx, server)
}

func storedPositions(ctx context.Context, cfg config.Config) (map[int32]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	return clickhouse.Positions(ctx, cfg.ClickHouse.Server(), cfg.Kafka.EventsTopic)
}

// serverFinding tells a server that does not answer from one that refuses.
func serverFinding(check string, err error, key string) diagnosis {
	var unreachable *clickhouse.UnreachableError
	var refused *clickhouse.AccessError
	if errors.As(err, &refused) {
		return unreachableFinding(check, err, "correct the settings named, then `earshot config check`")
	}
	if errors.As(err, &unreachable) {
		return unreachableFinding(check, err, "start the server, or correct "+key)
	}
	return found(check, "%v", err).fail("correct user and password in " + key)
}

func schemaFinding(s clickhouse.ServerStatus) diagnosis {
	f := found("schema", "version %d of %d", s.Schema, s.Latest)
	switch {
	case s.Schema < s.Latest:
		return f.fail("run `earshot migrate`")
	case s.Schema > s.Latest:
		return f.fail("a newer Earshot made it: update this one")
	}
	return f
}

// readerFinding checks that the page's user can read and cannot write.
func readerFinding(ctx context.Context, cfg config.Config) diagnosis {
	const check = "reader"
	if cfg.ClickHouse.ReaderURL == "" {
		return found(check, "pages and reports read as the user who writes").
			warn("set clickhouse.reader_url with a read-only user (deploy/clickhouse/users.d/earshot_reader.xml has one)")
	}
	status, err := serverStatus(ctx, cfg.ClickHouse.Reader())
	if err != nil {
		return serverFinding(check, err, "clickhouse.reader_url")
	}
	if !status.ReadOnly {
		return found(check, "the user of clickhouse.reader_url may write").warn("give it a profile with readonly = 2")
	}
	return found(check, "the user of clickhouse.reader_url may read only")
}

const skewLimit = 5 * time.Second

func clockFinding(skew time.Duration) diagnosis {
	f := found("clock", "ClickHouse and this machine agree to %v", skew.Abs().Round(time.Millisecond))
	if skew.Abs() > skewLimit {
		f.Detail = fmt.Sprintf("ClickHouse's clock is %v off this machine's", skew.Round(time.Second))
		return f.warn("set both by NTP: times of arrival and overdue cases are wrong by that much")
	}
	return f
}

// lagFinding compares Kafka's ends with what is stored; if something is left it
// looks again to see whether anybody works on it.
func lagFinding(ctx context.Context, cfg config.Config, bounds map[int32]logBounds, stored map[int32]int64) diagnosis {
	const check = "lag"
	if bounds == nil || stored == nil {
		return found(check, "unknown without Kafka and ClickHouse").skip()
	}
	lag := lagOf(bounds, stored)
	if lag == 0 {
		return found(check, "everything in Kafka is in ClickHouse")
	}
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
	later, err := storedPositions(ctx, cfg)
	if err != nil {
		return found(check, "%d offsets are not in ClickHouse yet; %v", lag, err).warn("look again")
	}
	rest := lagOf(bounds, later)
	if rest < lag {
		return found(check, "%d offsets are not in ClickHouse yet; workers are at it", rest)
	}
	return found(check, "%d offsets are not in ClickHouse and nobody works on them", lag).
		warn("start `earshot worker`, or look at the log of the one that runs")
}

func lagOf(bounds map[int32]logBounds, stored map[int32]int64) int64 {
	var lag int64
	for partition, log := range bounds {
		lag += max(0, log.end-max(log.first, stored[partition]))
	}
	return lag
}
