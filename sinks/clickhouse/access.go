package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/internal/tlsconn"
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

// AccessError means that a server was reached and would not let us in, or we
// would not trust it: the configuration must change.
type AccessError struct {
	Addrs  []string
	Reason string
	Err    error
}

func (e *AccessError) Error() string {
	return fmt.Sprintf("clickhouse at %s: %s", strings.Join(e.Addrs, ","), e.Reason)
}

func (e *AccessError) Unwrap() error { return e.Err }

// reachable turns refused connections into an AccessError, network errors into
// an UnreachableError and leaves others alone.
func reachable(addrs []string, err error) error {
	if reason := refusal(err); reason != "" {
		return &AccessError{Addrs: addrs, Reason: reason, Err: err}
	}
	var network net.Error
	var file *tlsconn.FileError
	switch {
	case errors.Is(err, io.EOF):
		return &UnreachableError{Addrs: addrs, Err: fmt.Errorf("%w (it closed the connection: does it want TLS on that port, or none?)", err)}
	case errors.As(err, &network), errors.As(err, &file), errors.Is(err, context.DeadlineExceeded):
		return &UnreachableError{Addrs: addrs, Err: err}
	}
	return err
}

// loginRefused are UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD and
// AUTHENTICATION_FAILED.
func loginRefused() []int32 { return []int32{192, 193, 194, 516} }

// tlsAlert is what the driver says when a TLS server answers its plain hello:
// 21 is the record type of an alert (RFC 8446, 5.1).
const tlsAlert = "unexpected packet [21]"

// refusal says in one line, with the settings to look at, why a server did not
// let us in; "" for any other error.
func refusal(err error) string {
	if err == nil {
		return ""
	}
	var exception *chgo.Exception
	if errors.As(err, &exception) && slices.Contains(loginRefused(), exception.Code) {
		return "the login is refused: check user and password (clickhouse.url and clickhouse.password, or reader_url and reader_password)"
	}
	if strings.Contains(err.Error(), tlsAlert) {
		return "the server wants TLS there: set clickhouse.ca_file, add ?secure=true to clickhouse.url, or use its plain port"
	}
	if reason := tlsconn.Explain(err); reason != "" {
		return reason + ": check clickhouse.ca_file, clickhouse.cert_file and the port"
	}
	return ""
}
