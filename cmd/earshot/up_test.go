package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/internal/embedded"
)

// freePorts are the flags that let `up` pick its ports.
func freePorts() []string {
	return []string{"--kafka-listen", "127.0.0.1:0", "--clickhouse-listen", "127.0.0.1:0", "--clickhouse-http-listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"}
}

// buffer is a stream that a program writes while a test reads it.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// requireEngine skips by the switch EARSHOT_TEST_ENGINE: unset needs the
// library in the cache, 1 fetches it, 0 is off.
func requireEngine(t *testing.T) {
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
}

func awaitEndpoints(t *testing.T, dir string, said *buffer) config.Endpoints {
	t.Helper()
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if e, err := config.ReadEndpoints(dir); err == nil {
			return e
		}
	}
	t.Fatalf("not up: %s", said)
	return config.Endpoints{}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, strings.TrimSpace(string(body))
}

// readAsReader asks what streams many rows as the read-only user, who has limits of
// its own.
func readAsReader(t *testing.T, dir string) {
	t.Helper()
	pack := filepath.Join(t.TempDir(), "menu.yaml")
	if err := os.WriteFile(pack, []byte("pack: menu\ntopics:\n  menu: {phrases: [menu]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"topics preview " + pack, "topics suggest", "insights", "insights impact", "insights drivers --kpi net_sentiment"} {
		said := &buffer{}
		p := &program{stdout: said, stderr: said}
		if code := p.run(t.Context(), append(strings.Fields(command), "--data", dir)); code != exitDone {
			t.Errorf("%s: exit %d, %s", command, code, said)
		}
	}
}

func TestUpStreamsTheDemoAndStopsClean(t *testing.T) {
	requireEngine(t)
	dir, said := t.TempDir(), &buffer{}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	code := make(chan int, 1)
	go func() {
		p := &program{stdout: said, stderr: said}
		code <- p.run(ctx, append([]string{"up", "--data", dir, "--demo", "--demo-events", "3000"}, freePorts()...))
	}()
	e := awaitEndpoints(t, dir, said)

	if status, body := get(t, "http://"+e.Web+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz: %d %s", status, body)
	}
	query := "http://" + e.ClickHouseHTTP + "/?user=earshot_reader&query=SELECT+sum(span)+FROM+earshot.records"
	rows := ""
	for end := time.Now().Add(30 * time.Second); rows != "3000" && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		_, rows = get(t, query)
	}
	if rows != "3000" {
		t.Errorf("rows after the demo: %s", rows)
	}

	readAsReader(t, dir)
	second := &buffer{}
	p := &program{stdout: second, stderr: second}
	if got := p.run(t.Context(), append([]string{"up", "--data", dir}, freePorts()...)); got != exitFailed || !strings.Contains(second.String(), strconv.Itoa(os.Getpid())) {
		t.Errorf("a second up: exit %d, %s", got, second)
	}

	cancel()
	if got := <-code; got != exitDone {
		t.Errorf("exit %d", got)
	}
	if _, err := config.ReadEndpoints(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("endpoints after the stop: %v", err)
	}
	for _, addr := range []string{e.Kafka, e.ClickHouse, e.ClickHouseHTTP, e.Web} {
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			t.Errorf("%s is still open", addr)
		}
	}
	if !strings.Contains(said.String(), "Earshot is up") {
		t.Errorf("no banner: %s", said)
	}
}

// A killed `up` leaves no process behind, and the next one starts on the same
// directory and ports.
func TestUpComesBackAfterKill(t *testing.T) {
	requireEngine(t)
	dir := t.TempDir()
	ports := freePorts()
	for round := range 3 {
		program, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		said := &buffer{}
		cmd := exec.Command(program, append([]string{"up", "--data", dir, "--workers", "0"}, ports...)...)
		cmd.Env = append(os.Environ(), programVar+"=1")
		cmd.Stdout, cmd.Stderr = said, said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if round > 0 {
			awaitPID(t, dir, cmd.Process.Pid)
		}
		e := awaitEndpoints(t, dir, said)
		ports = []string{"--kafka-listen", e.Kafka, "--clickhouse-listen", e.ClickHouse, "--clickhouse-http-listen", e.ClickHouseHTTP, "--listen", e.Web}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // also waits for whoever holds its output
		time.Sleep(300 * time.Millisecond)
		if conn, err := net.Dial("tcp", e.ClickHouse); err == nil {
			conn.Close()
			t.Fatalf("round %d: the engine outlived its parent", round)
		}
	}
}

// awaitPID waits until the process has the directory: the endpoints of its
// killed predecessor are gone then.
func awaitPID(t *testing.T, dir string, pid int) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if holder, running := embedded.Holder(dir); running && holder == pid {
			time.Sleep(50 * time.Millisecond)
			return
		}
	}
	t.Fatal("the directory is not taken")
}

func TestUpSaysWhatToDo(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	taken := busy.Addr().String()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// A ClickHouse that is not there: no engine is needed to get this far.
	elsewhere := "--clickhouse=clickhouse://default@127.0.0.1:1/earshot"
	tests := map[string]struct {
		args []string
		code int
		want string
	}{
		"page's port":     {[]string{"--listen", taken, elsewhere}, exitFailed, "--listen"},
		"broker's port":   {[]string{"--listen", "127.0.0.1:0", "--kafka-listen", taken, elsewhere}, exitFailed, "--kafka-listen"},
		"broker's host":   {[]string{"--listen", "127.0.0.1:0", "--kafka-listen", "0.0.0.0:0", elsewhere}, exitFailed, "127.0.0.1:9092"},
		"no server there": {[]string{"--listen", "127.0.0.1:0", "--kafka-listen", "127.0.0.1:0", elsewhere}, exitUnreachable, "127.0.0.1:1"},
		"no directory":    {[]string{"--data", filepath.Join(file, "x"), elsewhere}, exitUsage, "file"},
		"workers":         {[]string{"--workers", "-1"}, exitUsage, "--workers"},
		"events":          {[]string{"--demo-events", "0"}, exitUsage, "--demo-events"},
		"unknown flag":    {[]string{"--nonsense"}, exitUsage, "--nonsense"},
		"an argument":     {[]string{"now"}, exitUsage, "now"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			said := &buffer{}
			p := &program{stdout: said, stderr: said}
			args := append([]string{"up", "--data", t.TempDir()}, tt.args...)
			code := p.run(t.Context(), args)
			last := strings.TrimSpace(said.String())
			last = last[strings.LastIndex(last, "\n")+1:]
			if code != tt.code || !strings.Contains(last, tt.want) || !strings.HasPrefix(last, "earshot: ") {
				t.Errorf("exit %d, want %d; said: %s", code, tt.code, said)
			}
		})
	}
}

func TestDataDirIsClearedAndFull(t *testing.T) {
	dir := t.TempDir()
	stale := filepath.Join(dir, config.EndpointsFile)
	if err := os.WriteFile(stale, []byte(`{"kafka":"127.0.0.1:1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := openDataDir(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.release()
	if _, err := os.Stat(stale); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("endpoints of a killed up are still there: %v", err)
	}
	if err := d.writeEndpoints(config.Endpoints{Kafka: "127.0.0.1:9"}); err != nil {
		t.Fatal(err)
	}
	if e, err := config.ReadEndpoints(dir); err != nil || e.Kafka != "127.0.0.1:9" {
		t.Errorf("%+v, %v", e, err)
	}
	full := unusable(dir, &os.PathError{Op: "open", Path: dir, Err: syscall.ENOSPC})
	if !strings.Contains(full.Error(), "make room") {
		t.Error(full)
	}
}
