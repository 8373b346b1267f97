package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestListenWebOnBusyPort(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	listener, err := listenWeb(t.Context(), busy.Addr().String())
	if err == nil {
		listener.Close()
		t.Fatal("no error on a busy port")
	}
	if got := err.Error(); !strings.Contains(got, busy.Addr().String()+" is in use") || !strings.Contains(got, "--listen") {
		t.Errorf("the message does not say what to do: %s", got)
	}
}

// A request under way when the program is stopped is still answered.
func TestServeWebFinishesRequests(t *testing.T) {
	listener, err := listenWeb(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	arrived, release := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		_, _ = io.WriteString(w, "done")
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serveWeb(ctx, listener, handler, slog.New(slog.DiscardHandler)) }()

	answer := make(chan string, 1)
	go func() {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Get("http://" + listener.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	<-arrived
	stop()
	select {
	case err := <-ended:
		t.Fatalf("ended with a request under way: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(release)
	if got := <-answer; got != "done" {
		t.Errorf("answer %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if conn, err := net.Dial("tcp", listener.Addr().String()); err == nil {
		conn.Close()
		t.Error("the address is still open")
	}
}

func TestServeWithoutClickHouse(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"no address":  {[]string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0"}, "no ClickHouse address"},
		"not running": {[]string{"serve", "--listen", "127.0.0.1:0", "--clickhouse", "clickhouse://default@127.0.0.1:1/earshot"}, "127.0.0.1:1"},
	} {
		var stderr strings.Builder
		p := &program{stdin: strings.NewReader(""), stdout: io.Discard, stderr: &stderr}
		if code := p.run(t.Context(), test.args); code != exitUnreachable || !strings.Contains(stderr.String(), test.says) {
			t.Errorf("%s: exit %d, %s", name, code, stderr.String())
		}
	}
}
