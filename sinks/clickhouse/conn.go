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

	"earshot/internal/tlsconn"
)

const (
	dialTimeout = 5 * time.Second
	readTimeout = 30 * time.Second // for one answer of the server; a context's deadline goes first
	// maxConns leaves room for two connections a partition (the insert and the
	// look-ups beside it) and for readers.
	maxConns     = 48
	maxIdleConns = 8
)

// Server says how to reach a ClickHouse server. Its text form hides the password.
type Server struct {
	URL      string         // clickhouse://user:password@host:9000/earshot, several hosts with commas
	Password string         `json:"-"` // in place of one in the URL
	TLS      *tlsconn.Files // nil: as the URL says (?secure=true)
}

// String names the server without user, password and parameters.
func (s Server) String() string {
	address, _, _ := strings.Cut(s.URL[strings.LastIndex(s.URL, "@")+1:], "?")
	return address
}

// GoString keeps %#v from printing the password.
func (s Server) GoString() string { return s.String() }

// At is the server of a URL that says it all.
func At(url string) Server { return Server{URL: url} }

// Open connects by the native protocol and pings the server. A server that does
// not answer is an *UnreachableError, one that does not let us in an
// *AccessError. The connection pool is safe for concurrent use; the caller
// closes it.
func Open(server Server) (driver.Conn, error) {
	opts, err := server.options()
	if err != nil {
		return nil, err
	}
	conn, err := chgo.Open(opts)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), opts.DialTimeout)
	defer cancel()
	if err := conn.Ping(ctx); err != nil {
		_ = conn.Close() // the ping says why
		return nil, reachable(opts.Addr, err)
	}
	return conn, nil
}

// options parses the URL and sets what Earshot relies on.
func (s Server) options() (*chgo.Options, error) {
	url := s.URL
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
	if s.Password != "" {
		opts.Auth.Password = s.Password
	}
	if s.TLS != nil {
		opts.DialContext = func(ctx context.Context, addr string) (net.Conn, error) { return s.TLS.Dial(ctx, "tcp", addr) }
	}
	perHost := opts.DialTimeout
	if perHost == 0 {
		perHost = dialTimeout
	}
	// The driver takes DialTimeout for all hosts together: the second would get
	// what the first, dead one left.
	opts.DialTimeout = perHost * time.Duration(len(opts.Addr))
	opts.DialStrategy = inTurn(perHost)
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

// inTurn tries one host after the other, in the order of the URL, for at most
// perHost each.
func inTurn(perHost time.Duration) func(context.Context, int, *chgo.Options, chgo.Dial) (chgo.DialResult, error) {
	return func(ctx context.Context, _ int, opts *chgo.Options, dial chgo.Dial) (chgo.DialResult, error) {
		single := *opts
		single.DialTimeout = perHost
		var failed []error
		for _, addr := range opts.Addr {
			attempt, cancel := context.WithTimeout(ctx, perHost)
			result, err := dial(attempt, addr, &single)
			cancel()
			if err == nil {
				return result, nil
			}
			failed = append(failed, err)
		}
		return chgo.DialResult{}, errors.Join(failed...)
	}
}
