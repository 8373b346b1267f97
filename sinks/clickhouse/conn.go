package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

const (
	dialTimeout = 5 * time.Second
	readTimeout = 30 * time.Second // for one answer of the server; a context's deadline goes first
	// maxConns leaves room for two connections a partition (the insert and the
	// look-ups beside it) and for readers.
	maxConns     = 48
	maxIdleConns = 8
)

// UnreachableError means that no server answered.
type UnreachableError struct {
	Addrs []string
	Err   error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("clickhouse at %s: %v", strings.Join(e.Addrs, ","), e.Err)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// Open connects to a clickhouse:// URL by the native protocol and pings the
// server. A server that does not answer is an *UnreachableError. The
// connection pool is safe for concurrent use; the caller closes it.
func Open(url string) (driver.Conn, error) {
	opts, err := options(url)
	if err != nil {
		return nil, err
	}
	conn, err := chgo.Open(opts)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	defer cancel()
	if err := conn.Ping(ctx); err != nil {
		_ = conn.Close() // the ping says why
		return nil, reachable(opts.Addr, err)
	}
	return conn, nil
}

// options parses url and sets what Earshot relies on.
func options(url string) (*chgo.Options, error) {
	if !strings.HasPrefix(url, "clickhouse://") && !strings.HasPrefix(url, "tcp://") {
		return nil, errors.New("the ClickHouse address must look like clickhouse://user:password@host:9000/earshot")
	}
	opts, err := chgo.ParseDSN(url)
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	if opts.Auth.Database == "" {
		opts.Auth.Database = "earshot"
	}
	if opts.DialTimeout == 0 {
		opts.DialTimeout = dialTimeout
	}
	if opts.ReadTimeout == 0 {
		opts.ReadTimeout = readTimeout
	}
	opts.MaxOpenConns, opts.MaxIdleConns = maxConns, maxIdleConns
	opts.ConnMaxLifetime = time.Hour
	opts.FreeBufOnConnRelease = true // an idle connection would keep the memory of its largest batch
	opts.Compression = &chgo.Compression{Method: chgo.CompressionLZ4}
	// One INSERT must be one block, written before it is answered.
	if opts.Settings == nil {
		opts.Settings = chgo.Settings{}
	}
	opts.Settings["async_insert"] = 0
	return opts, nil
}

// reachable turns network errors into an UnreachableError and leaves others alone.
func reachable(addrs []string, err error) error {
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) {
		return &UnreachableError{Addrs: addrs, Err: err}
	}
	return err
}
