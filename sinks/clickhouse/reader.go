package clickhouse

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strings"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

//go:embed queries/*.sql
var queryFiles embed.FS

// filterMark stands in a query file where a Filter's condition goes.
const filterMark = "{{filter}}"

// maxAnswerRows bounds what one query may return; more is an error, not a cut.
const maxAnswerRows = 200_000

// ErrNoSchema means that the server has no Earshot tables under that database.
var ErrNoSchema = errors.New("the tables of Earshot are not in that database, or are those of an older release: run `earshot migrate`, or start a worker")

// Reader answers questions from the stored feedback. It only reads: a user with
// readonly=2 is enough. It is safe for concurrent use.
type Reader struct {
	conn     driver.Conn
	addrs    []string
	database string
	timeout  time.Duration
}

// OpenReader connects. A query that takes longer than
// timeout fails; 0 leaves it to the context. A server that does not answer is
// an *UnreachableError.
func OpenReader(server Server, timeout time.Duration) (*Reader, error) {
	opts, err := server.options()
	if err != nil {
		return nil, err
	}
	conn, err := Open(server)
	if missingSchema(err) {
		return nil, ErrNoSchema
	}
	if err != nil {
		return nil, err
	}
	return &Reader{conn: conn, addrs: opts.Addr, database: opts.Auth.Database, timeout: timeout}, nil
}

// Close closes the connections.
func (r *Reader) Close() error { return r.conn.Close() }

// querySQL is the text of the named query under a filter's condition.
func querySQL(name, where string) (string, error) {
	text, err := queryFiles.ReadFile("queries/" + name + ".sql")
	if err != nil {
		return "", err
	}
	return strings.ReplaceAll(string(text), filterMark, where), nil
}

// selectRows runs the named query and scans each row into a T by column name.
func selectRows[T any](ctx context.Context, r *Reader, name string, f Filter, args ...any) ([]T, error) {
	where, bound := f.where()
	sql, err := querySQL(name, where)
	if err != nil {
		return nil, fmt.Errorf("query %s: %w", name, err)
	}
	ctx, cancel := r.limit(ctx)
	defer cancel()
	rows := []T{}
	if err := r.conn.Select(ctx, &rows, sql, append(bound, args...)...); err != nil {
		return nil, r.queryError(ctx, name, err)
	}
	return rows, nil
}

// selectRow is selectRows for a query that yields exactly one row.
func selectRow[T any](ctx context.Context, r *Reader, name string, f Filter, args ...any) (T, error) {
	rows, err := selectRows[T](ctx, r, name, f, args...)
	if err != nil {
		var zero T
		return zero, err
	}
	if len(rows) != 1 {
		var zero T
		return zero, fmt.Errorf("query %s: %d rows instead of one", name, len(rows))
	}
	return rows[0], nil
}

// limit sets the bounds of one query.
func (r *Reader) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	cancel := context.CancelFunc(func() {})
	if r.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, r.timeout)
	}
	return chgo.Context(ctx, chgo.WithSettings(chgo.Settings{
		"max_result_rows":      maxAnswerRows,
		"result_overflow_mode": "throw",
	})), cancel
}

// watchdogGrace is how long a batch's watchdog has to end after Send.
const watchdogGrace = time.Second

// limitInsert is limit for an insert; its cancel waits a moment. Where the end of
// Send and cancel fall together, the driver's watchdog of the batch may still
// close the connection, which the pool has given to the next query by then
// (clickhouse-go 2.50, contextWatchdog).
func (r *Reader) limitInsert(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := r.limit(ctx)
	return ctx, func() { time.AfterFunc(watchdogGrace, cancel) }
}

// queryError names the query that failed. The driver reports an expired
// deadline as an I/O timeout, so the context is asked first.
func (r *Reader) queryError(ctx context.Context, name string, err error) error {
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("query %s: %w: %w", name, cause, err)
	}
	if missingSchema(err) {
		return fmt.Errorf("query %s: %w", name, ErrNoSchema)
	}
	var exception *chgo.Exception
	if errors.As(err, &exception) {
		return fmt.Errorf("query %s: %w", name, err)
	}
	return fmt.Errorf("query %s: %w", name, reachable(r.addrs, err))
}

// missingSchema tells UNKNOWN_TABLE and UNKNOWN_DATABASE from other errors.
func missingSchema(err error) bool {
	var exception *chgo.Exception
	return errors.As(err, &exception) && (exception.Code == 60 || exception.Code == 81)
}
