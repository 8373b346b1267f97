package clickhouse

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"earshot/internal/embedded"
	"earshot/internal/testca"
	"earshot/internal/tlsconn"
)

// childArg makes the test binary the process of an engine.
const childArg = "clickhouse-engine-child"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == childArg {
		if err := embedded.RunLibrary(os.Args[2], os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const secureUser, securePassword = "app", "app-secret"

// secureEngine is an engine with a user who has a password, and with TLS before
// it: the library opens no TLS port, so it is ended in front, as load balancers do.
type secureEngine struct {
	addr, tls, mutual       string // host:port without TLS, with it, with a client's certificate
	ca, cert, key, stranger string // PEM files; stranger is another authority's
	server                  tls.Certificate
}

// The engine lays this over its own users.
const secureUsers = `<clickhouse><users><app>
  <password>app-secret</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
</app></users></clickhouse>`

// startSecureEngine skips by the switch EARSHOT_TEST_ENGINE: unset needs the
// engine in the cache, 1 fetches it, 0 is off.
func startSecureEngine(t *testing.T) secureEngine {
	t.Helper()
	cache, err := embedded.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	cached, _ := filepath.Glob(filepath.Join(cache, "*", "libchdb.so"))
	switch want := os.Getenv("EARSHOT_TEST_ENGINE"); {
	case want == "0":
		t.Skip("EARSHOT_TEST_ENGINE=0: engine tests are off")
	case want == "" && len(cached) == 0:
		t.Skip("the engine is not in the cache; EARSHOT_TEST_ENGINE=1 fetches it")
	}
	dir := t.TempDir()
	e := secureCertificates(t, dir)
	writeFile(t, filepath.Join(dir, "users.d", "app.xml"), secureUsers)
	log := slog.New(slog.DiscardHandler)
	program, err := embedded.FindProgram(context.Background(), cache, func(string, int64, int64) {}, log)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := embedded.StartEngine(context.Background(), embedded.EngineOptions{
		Program: program, Dir: dir, TCP: "127.0.0.1:0", HTTP: "127.0.0.1:0", Child: []string{childArg}, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Kill)
	e.addr = engine.Addr()
	e.tls = e.terminate(t, tls.NoClientCert)
	e.mutual = e.terminate(t, tls.RequireAndVerifyClientCert)
	return e
}

func secureCertificates(t *testing.T, dir string) secureEngine {
	t.Helper()
	ca, err := testca.New(dir, "ca")
	if err != nil {
		t.Fatal(err)
	}
	other, err := testca.New(dir, "other-ca")
	if err != nil {
		t.Fatal(err)
	}
	e := secureEngine{ca: ca.CertFile(), stranger: other.CertFile()}
	cert, key, err := ca.Issue("server")
	if err != nil {
		t.Fatal(err)
	}
	if e.server, err = tls.LoadX509KeyPair(cert, key); err != nil {
		t.Fatal(err)
	}
	if e.cert, e.key, err = ca.Issue("client"); err != nil {
		t.Fatal(err)
	}
	return e
}

// terminate listens with TLS and passes on what comes, in plain, to the engine.
func (e secureEngine) terminate(t *testing.T, clients tls.ClientAuthType) string {
	t.Helper()
	text, err := os.ReadFile(e.ca)
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(text)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{e.server}, ClientAuth: clients, ClientCAs: trusted, MinVersion: tls.VersionTLS12,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			outside, err := l.Accept()
			if err != nil {
				return
			}
			go e.passOn(outside)
		}
	}()
	return l.Addr().String()
}

func (e secureEngine) passOn(outside net.Conn) {
	defer outside.Close()
	if outside.(*tls.Conn).Handshake() != nil {
		return
	}
	inside, err := net.Dial("tcp", e.addr)
	if err != nil {
		return
	}
	defer inside.Close()
	go func() {
		_, _ = io.Copy(inside, outside)
		_ = inside.(*net.TCPConn).CloseWrite() // a reset could end the engine
	}()
	_, _ = io.Copy(outside, inside)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSecuredConnections(t *testing.T) {
	e := startSecureEngine(t)
	trusted := &tlsconn.Files{CA: e.ca}
	at := func(user, host, rest string) string { return "clickhouse://" + user + "@" + host + "/default" + rest }
	const dead = "127.0.0.1:1"
	cases := []struct {
		name   string
		server Server
		want   string // "" gets in; else the error has it
	}{
		{name: "TLS", server: Server{URL: at("default", e.tls, ""), TLS: trusted}},
		{name: "password in the URL", server: At(at("app:app-secret", e.addr, ""))},
		{name: "password beside the URL", server: Server{URL: at("app", e.addr, ""), Password: securePassword}},
		{name: "password over that of the URL", server: Server{URL: at("app:hush", e.tls, ""), Password: securePassword, TLS: trusted}},
		{name: "mutual TLS", server: Server{URL: at("default", e.mutual, ""), TLS: &tlsconn.Files{CA: e.ca, Cert: e.cert, Key: e.key}}},
		{name: "first host dead", server: Server{URL: at("app", dead+","+e.addr, ""), Password: securePassword}},
		{name: "first host dead, TLS", server: Server{URL: at("app", dead+","+e.tls, ""), Password: securePassword, TLS: trusted}},
		{name: "first host deaf", server: Server{URL: at("app", deafHost(t)+","+e.addr, "?dial_timeout=1s"), Password: securePassword}},

		{name: "wrong password", server: Server{URL: at("app", e.addr, ""), Password: "hush"}, want: "the login is refused"},
		{name: "wrong password, TLS", server: Server{URL: at("app", e.tls, ""), Password: "hush", TLS: trusted}, want: "the login is refused"},
		{name: "no such user", server: At(at("nobody:hush", e.addr, "")), want: "the login is refused"},
		{name: "wrong password on the second host", server: Server{URL: at("app", dead+","+e.addr, ""), Password: "hush"}, want: "the login is refused"},
		{name: "unknown authority", server: Server{URL: at("default", e.tls, ""), TLS: &tlsconn.Files{CA: e.stranger}}, want: "signed by an unknown authority"},
		{name: "authorities of the system", server: At(at("default", e.tls, "?secure=true")), want: "signed by an unknown authority"},
		{name: "no certificate", server: Server{URL: at("default", e.mutual, ""), TLS: trusted}, want: "refuses our certificate"},
		{name: "TLS client on the plain port", server: Server{URL: at("default", e.addr, ""), TLS: trusted}, want: "does not speak TLS"},
		{name: "plain client on a TLS port", server: At(at("default", alertingHost(t), "")), want: "wants TLS there"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) { tryServer(t, tc.server, tc.want) })
	}
}

// tryServer opens server, migrates a database there and asks its status; or all
// of that fails with want.
func tryServer(t *testing.T, server Server, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := Open(server)
	if want == "" {
		if err != nil {
			t.Fatal(err)
		}
		if n := number(t, conn, "SELECT 42"); n != 42 {
			t.Errorf("42 is %d", n)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if status, err := Status(ctx, server); err != nil || status.Version == "" {
			t.Errorf("status %+v, %v", status, err)
		}
		return
	}
	_, statusErr := Status(ctx, server)
	for call, err := range map[string]error{"Open": err, "Migrate": Migrate(ctx, server, slog.New(slog.DiscardHandler)), "Status": statusErr} {
		var access *AccessError
		if !errors.As(err, &access) {
			t.Errorf("%s: %v is no AccessError", call, err)
		}
		if text := fmt.Sprint(err); !strings.Contains(text, want) || strings.Contains(text, "hush") || strings.Contains(text, "\n") {
			t.Errorf("%s: got %q, want one line with %q and without the password", call, text, want)
		}
	}
	t.Log(err)
}

// deafHost takes connections and never says a word.
func deafHost(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

// alertingHost answers whatever comes as OpenSSL answers what is no TLS: by an
// alert, protocol_version (RFC 8446, 6).
func alertingHost(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
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
			_, _ = conn.Read(make([]byte, 1024))
			_, _ = conn.Write([]byte{21, 3, 3, 0, 2, 2, 70})
			conn.Close()
		}
	}()
	return l.Addr().String()
}
