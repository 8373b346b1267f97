package clickhouse

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// ServerStatus is what a server says about itself and Earshot's schema on it.
type ServerStatus struct {
	Version  string
	Skew     time.Duration // its clock minus ours, to half a round trip
	ReadOnly bool          // this user cannot write
	Schema   int64         // number of the last schema file applied; 0: none
	Latest   int64         // number of the last schema file there is
}

// Status asks the server. A server that does not answer is an
// *UnreachableError. The database need not exist.
func Status(ctx context.Context, server Server) (ServerStatus, error) {
	opts, err := server.options()
	if err != nil {
		return ServerStatus{}, err
	}
	database := opts.Auth.Database
	opts.Auth.Database = "" // it may not exist yet
	conn, err := chgo.Open(opts)
	if err != nil {
		return ServerStatus{}, fmt.Errorf("open: %w", err)
	}
	defer func() { _ = conn.Close() }() // nothing is buffered
	if err := conn.Ping(ctx); err != nil {
		return ServerStatus{}, reachable(opts.Addr, err)
	}
	var s ServerStatus
	var theirs time.Time
	var readOnly uint64
	asked := time.Now()
	if err := conn.QueryRow(ctx, "SELECT version(), now64(3, 'UTC'), toUInt64(getSetting('readonly'))").Scan(&s.Version, &theirs, &readOnly); err != nil {
		return ServerStatus{}, reachable(opts.Addr, err)
	}
	half := time.Since(asked) / 2
	s.Skew, s.ReadOnly = theirs.Sub(asked.Add(half)), readOnly > 0
	if s.Latest, err = latestSchema(); err != nil {
		return ServerStatus{}, err
	}
	s.Schema, err = appliedSchema(ctx, conn, database)
	return s, err
}

// appliedSchema reads goose's own table, which a read-only user may not see.
func appliedSchema(ctx context.Context, conn driver.Conn, database string) (int64, error) {
	var exists uint64
	if err := conn.QueryRow(ctx, "SELECT count() FROM system.tables WHERE database = $1 AND name = 'goose_db_version'", database).Scan(&exists); err != nil {
		return 0, fmt.Errorf("schema version: %w", err)
	}
	if exists == 0 {
		return 0, nil
	}
	var applied int64
	query := "SELECT max(version_id) FROM " + quoteIdent(database) + ".goose_db_version WHERE is_applied = 1"
	if err := conn.QueryRow(ctx, query).Scan(&applied); err != nil {
		return 0, fmt.Errorf("schema version: %w", err)
	}
	return applied, nil
}

// latestSchema is the number of the last file, 00001_records.sql being 1.
func latestSchema() (int64, error) {
	names, err := fs.Glob(sqlFiles, "sql/*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("no schema files: %w", err)
	}
	last := strings.TrimPrefix(names[len(names)-1], "sql/")
	number, _, _ := strings.Cut(last, "_")
	return strconv.ParseInt(number, 10, 64)
}

// Positions returns, for each partition of the topic that rows are there of,
// the offset after the last one stored.
func Positions(ctx context.Context, server Server, topic string) (map[int32]int64, error) {
	conn, err := Open(server)
	if missingSchema(err) {
		return nil, ErrNoSchema
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }() // nothing is buffered
	rows, err := conn.Query(ctx, `SELECT kafka_partition, toInt64(max(kafka_offset + span)) FROM records
WHERE kafka_topic = $1 GROUP BY kafka_partition`, topic)
	if missingSchema(err) {
		return nil, ErrNoSchema
	}
	if err != nil {
		return nil, fmt.Errorf("positions: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err says what went wrong
	positions := map[int32]int64{}
	for rows.Next() {
		var partition int32
		var next int64
		if err := rows.Scan(&partition, &next); err != nil {
			return nil, fmt.Errorf("positions: %w", err)
		}
		positions[partition] = next
	}
	return positions, rows.Err()
}
