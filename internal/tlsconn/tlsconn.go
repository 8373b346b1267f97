// Package tlsconn opens TLS connections by the PEM files of the configuration.
package tlsconn

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// Files name what a connection is secured with. The zero value trusts the
// system's authorities and shows no certificate.
type Files struct {
	CA        string // authorities to trust in place of the system's
	Cert, Key string // the client's own, for mutual TLS; both or none
}

// handshakeTimeout bounds a handshake whose context has no deadline.
const handshakeTimeout = 5 * time.Second

// Config reads the files.
func (f Files) Config() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if f.CA != "" {
		text, err := os.ReadFile(f.CA)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s holds no certificate in PEM", f.CA)
		}
	}
	if f.Cert == "" && f.Key == "" {
		return config, nil
	}
	pair, err := tls.LoadX509KeyPair(f.Cert, f.Key)
	if err != nil {
		return nil, fmt.Errorf("client certificate: %w", err)
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}

// Dial connects and shakes hands. It reads the files each time, so that renewed
// certificates are used without a restart.
func (f Files) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	config, err := f.Config()
	if err != nil {
		return nil, &FileError{err}
	}
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	return (&tls.Dialer{Config: config}).DialContext(ctx, network, addr)
}

// FileError means that a connection was not tried, for a file is missing or wrong.
type FileError struct{ Err error }

func (e *FileError) Error() string { return e.Err.Error() }
func (e *FileError) Unwrap() error { return e.Err }

// Explain says in one line why a secured connection could not be made; "" if err
// has nothing to do with TLS.
func Explain(err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var remote *net.OpError
	switch {
	case errors.As(err, &unknown):
		return "the server's certificate is signed by an unknown authority"
	case errors.As(err, &name):
		return "the server's certificate is for another host: " + name.Error()
	case errors.As(err, &invalid):
		return "the server's certificate is not valid: " + invalid.Error()
	case errors.As(err, &record):
		return "the server does not speak TLS there"
	case errors.As(err, &remote) && remote.Op == "remote error": // as crypto/tls names the other side's alert
		return "the server refuses our certificate, or that there is none: " + remote.Err.Error()
	}
	return ""
}
