package embedded

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func startEngine(t *testing.T, program Program, dir string) *Engine {
	t.Helper()
	e, err := StartEngine(t.Context(), EngineOptions{
		Program: program, Dir: dir, TCP: "127.0.0.1:0", HTTP: "127.0.0.1:0",
		Child: []string{childArg}, Log: quiet(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// ask sends a query over HTTP and returns the answer, error texts included.
func ask(t *testing.T, e *Engine, user, query string) string {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
	resp, err := client.Post("http://"+e.HTTPAddr()+"/?user="+user, "text/plain", strings.NewReader(query))
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(body))
}

func TestEngineKeepsItsDataOverStopAndStart(t *testing.T) {
	program := testProgram(t)
	dir := t.TempDir()
	e := startEngine(t, program, dir)
	for _, q := range []string{
		"CREATE DATABASE earshot",
		"CREATE TABLE earshot.t (n UInt64) ENGINE = MergeTree ORDER BY n",
		"INSERT INTO earshot.t SELECT number FROM numbers(1000)",
	} {
		if got := ask(t, e, "default", q); got != "" {
			t.Fatalf("%s: %s", q, got)
		}
	}
	pid := int(e.pid.Load())
	e.Close()
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Fatalf("process %d after Close: %v", pid, err)
	}
	e = startEngine(t, program, dir)
	if got := ask(t, e, "earshot_reader", "SELECT count() FROM earshot.t"); got != "1000" {
		t.Fatalf("count after restart: %s", got)
	}
}

func TestEngineFinishesRunningQueriesOnClose(t *testing.T) {
	e := startEngine(t, testProgram(t), t.TempDir())
	answer := make(chan string, 1)
	go func() {
		answer <- ask(t, e, "default", "SELECT sum(sleepEachRow(0.5)) FROM numbers(3) SETTINGS max_block_size = 1")
	}()
	time.Sleep(500 * time.Millisecond)
	e.Close()
	if got := <-answer; got != "0" {
		t.Fatalf("a query running at Close answered %q", got)
	}
}

func TestEngineIsStartedAnewAfterKill(t *testing.T) {
	e := startEngine(t, testProgram(t), t.TempDir())
	ask(t, e, "default", "CREATE DATABASE earshot")
	ask(t, e, "default", "CREATE TABLE earshot.t (n UInt64) ENGINE = MergeTree ORDER BY n")
	for round := 1; round <= 3; round++ {
		ask(t, e, "default", "INSERT INTO earshot.t VALUES ("+strconv.Itoa(round)+")")
		if err := syscall.Kill(int(e.pid.Load()), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		waitFor(t, 20*time.Second, func() bool { return e.Restarts() == round })
		if got := ask(t, e, "default", "SELECT count() FROM earshot.t"); got != strconv.Itoa(round) {
			t.Fatalf("round %d: %s rows", round, got)
		}
	}
}

func TestEngineUsers(t *testing.T) {
	e := startEngine(t, testProgram(t), t.TempDir())
	ask(t, e, "default", "CREATE DATABASE earshot")
	ask(t, e, "default", "CREATE TABLE earshot.t (n UInt64) ENGINE = MergeTree ORDER BY n")
	tests := map[string]struct{ user, query, want string }{
		"reader reads":                  {"earshot_reader", "SELECT count() FROM earshot.t", "0"},
		"reader must not insert":        {"earshot_reader", "INSERT INTO earshot.t VALUES (1)", "ACCESS_DENIED"},
		"reader must not create":        {"earshot_reader", "CREATE TABLE earshot.u (n UInt64) ENGINE = Memory", "ACCESS_DENIED"},
		"reader must not drop":          {"earshot_reader", "DROP TABLE earshot.t", "ACCESS_DENIED"},
		"reader must not read files":    {"earshot_reader", "SELECT * FROM file('/etc/passwd', 'LineAsString')", "ACCESS_DENIED"},
		"reader must not become writer": {"earshot_reader&readonly=0", "SELECT 1", "READONLY"},
		"reader's memory is bounded":    {"earshot_reader&max_memory_usage=90000000000", "SELECT 1", "SETTING_CONSTRAINT_VIOLATION"},
		"inserts are synchronous":       {"default", "SELECT value FROM system.settings WHERE name = 'async_insert'", "0"},
		"old parts stay a while":        {"default", "SELECT value FROM system.merge_tree_settings WHERE name = 'old_parts_lifetime'", "480"},
		"a stranger is refused":         {"mallory", "SELECT 1", "AUTHENTICATION_FAILED"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, e, tt.user, tt.query); got != tt.want && !strings.Contains(got, "("+tt.want+")") {
				t.Errorf("%s: %s; want %s", tt.query, got, tt.want)
			}
		})
	}
}

// A client that resets its connection, a port scan or bytes of another
// protocol must not end the server (ClickHouse issue 115666).
func TestEngineSurvivesResetsAndGarbage(t *testing.T) {
	e := startEngine(t, testProgram(t), t.TempDir())
	hello := []byte("\x00\x07earshot\x01\x00\xb0\xa9\x03\x00\x07default\x00")
	probes := map[string]struct {
		addr string
		send []byte
	}{
		"native, nothing":     {e.Addr(), nil},
		"native, half hello":  {e.Addr(), hello[:7]},
		"native, hello":       {e.Addr(), hello},
		"native, garbage":     {e.Addr(), bytes.Repeat([]byte{0xff, 0x13}, 50)},
		"native, TLS":         {e.Addr(), []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")},
		"http, nothing":       {e.HTTPAddr(), nil},
		"http, half a header": {e.HTTPAddr(), []byte("POST / HTTP/1.1\r\nHost: x\r\nContent-Le")},
		"http, half a body":   {e.HTTPAddr(), []byte("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nSEL")},
		"http, garbage":       {e.HTTPAddr(), bytes.Repeat([]byte{0xff, 0x13}, 50)},
		"http, TLS":           {e.HTTPAddr(), []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")},
	}
	pid := e.pid.Load()
	for name, p := range probes {
		for range 5 {
			reset(t, p.addr, p.send)
		}
		time.Sleep(50 * time.Millisecond)
		if err := answers(t.Context(), e.Addr(), e.HTTPAddr()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if e.pid.Load() != pid || e.Restarts() != 0 {
			t.Fatalf("%s: the engine died", name)
		}
	}
}

// reset connects, sends and ends the connection with RST.
func reset(t *testing.T, addr string, send []byte) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(send); err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond)
	if err := conn.(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestStartEngineReportsWhyItFails(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	var taken *BusyError
	_, err = StartEngine(t.Context(), EngineOptions{Dir: t.TempDir(), TCP: "127.0.0.1:0", HTTP: busy.Addr().String(), Log: quiet()})
	if !errors.As(err, &taken) || taken.Addr != busy.Addr().String() {
		t.Errorf("busy port: %v", err)
	}
	_, err = StartEngine(t.Context(), EngineOptions{Dir: t.TempDir(), TCP: "0.0.0.0:0", HTTP: "0.0.0.0:0", Log: quiet()})
	if err == nil || !strings.Contains(err.Error(), "clickhouse.url") {
		t.Errorf("open to the network: %v", err)
	}
	noLibrary := t.TempDir() + "/libchdb.so"
	if err := os.WriteFile(noLibrary, []byte("not a library"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err = StartEngine(t.Context(), EngineOptions{
		Program: Program{library: noLibrary}, Dir: t.TempDir(), TCP: "127.0.0.1:0", HTTP: "127.0.0.1:0",
		Child: []string{childArg}, Log: quiet(),
	})
	if err == nil || !strings.Contains(err.Error(), noLibrary) || strings.Contains(err.Error(), "\n") {
		t.Errorf("broken library: %v", err)
	}
}

func TestStartEngineCanBeCancelled(t *testing.T) {
	program := testProgram(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err := StartEngine(ctx, EngineOptions{
		Program: program, Dir: t.TempDir(), TCP: "127.0.0.1:0", HTTP: "127.0.0.1:0",
		Child: []string{childArg}, Log: quiet(),
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
}

func waitFor(t *testing.T, limit time.Duration, done func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s", limit)
		}
	}
}
