package tlsconn

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"earshot/internal/testca"
)

// authority makes a CA and a certificate of it, in a folder of its own.
func authority(t *testing.T) (ca, cert, key string) {
	t.Helper()
	a, err := testca.New(t.TempDir(), "ca")
	if err != nil {
		t.Fatal(err)
	}
	if cert, key, err = a.Issue("peer"); err != nil {
		t.Fatal(err)
	}
	return a.CertFile(), cert, key
}

// serve greets whoever shakes hands with a server that has this certificate.
func serve(t *testing.T, cert, key string) string {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "hello")
			conn.Close()
		}
	}()
	return l.Addr().String()
}

func greeting(f Files, addr string) (string, error) {
	conn, err := f.Dial(context.Background(), "tcp", addr)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	text, err := io.ReadAll(conn)
	return string(text), err
}

// Renewed files count for the next connection, without a restart.
func TestRenewedFiles(t *testing.T) {
	oldCA, oldCert, oldKey := authority(t)
	newCA, newCert, newKey := authority(t)
	before, after := serve(t, oldCert, oldKey), serve(t, newCert, newKey)
	files := Files{CA: filepath.Join(t.TempDir(), "ca.pem")}
	for _, step := range []struct{ ca, in, out string }{{oldCA, before, after}, {newCA, after, before}} {
		text, err := os.ReadFile(step.ca)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(files.CA, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := greeting(files, step.in); got != "hello" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
		if _, err := greeting(files, step.out); !strings.Contains(Explain(err), "unknown authority") {
			t.Errorf("a server of another authority: %v", err)
		}
	}
}

func TestWrongFiles(t *testing.T) {
	ca, cert, key := authority(t)
	_, other, _ := authority(t)
	for want, files := range map[string]Files{
		"no such file":         {CA: ca + ".old"},
		"holds no certificate": {CA: key},
		"client certificate: ": {Cert: cert},
		"does not match":       {Cert: other, Key: key},
	} {
		_, err := files.Dial(context.Background(), "tcp", "127.0.0.1:1")
		var file *FileError
		if !errors.As(err, &file) || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want a FileError with %q", files, err, want)
		}
	}
	if _, err := (Files{CA: ca, Cert: cert, Key: key}).Config(); err != nil {
		t.Error(err)
	}
}

// A certificate for localhost is not one for another name of the same machine.
func TestExplain(t *testing.T) {
	ca, cert, key := authority(t)
	config, err := Files{CA: ca}.Config()
	if err != nil {
		t.Fatal(err)
	}
	config.ServerName = "kafka.example"
	_, err = tls.Dial("tcp", serve(t, cert, key), config)
	if got := Explain(err); !strings.Contains(got, "for another host") || !strings.Contains(got, "kafka.example") {
		t.Errorf("got %q of %v", got, err)
	}
	if Explain(io.EOF) != "" || Explain(nil) != "" {
		t.Error("an error without TLS is explained by it")
	}
}
