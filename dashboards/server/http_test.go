package server_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"earshot/dashboards/server"
	"earshot/sinks/clickhouse"
)

func TestOnlyGet(t *testing.T) {
	h := newHandler(&fakeReader{t: t})
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/api/v1/kpis", nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d, Allow %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	h := newHandler(&fakeReader{t: t})
	for _, path := range []string{"/", "/api/v1/nothing", "/missing"} {
		header := get(h, path).Header()
		policy := header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'self'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: content may be sniffed", path)
		}
	}
}

// A server on this machine's own address must not answer to a foreign name.
func TestForeignHostNames(t *testing.T) {
	srv := httptest.NewServer(newHandler(&fakeReader{t: t}))
	defer srv.Close()
	defer http.DefaultClient.CloseIdleConnections()
	for host, want := range map[string]int{
		"":                   http.StatusOK,
		"localhost:8080":     http.StatusOK,
		"LOCALHOST":          http.StatusOK,
		"page.localhost":     http.StatusOK,
		"127.0.0.1":          http.StatusOK,
		"[::1]:8080":         http.StatusOK,
		"evil.example":       http.StatusMisdirectedRequest,
		"evil.example:8080":  http.StatusMisdirectedRequest,
		"localhost.evil.com": http.StatusMisdirectedRequest,
		"10.0.0.1":           http.StatusMisdirectedRequest,
	} {
		r, err := http.NewRequest(http.MethodGet, srv.URL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("Host %q: %d, want %d", host, resp.StatusCode, want)
		}
	}
}

func TestPageIsCached(t *testing.T) {
	h := newHandler(&fakeReader{t: t})
	for path, want := range map[string]struct{ cache, contentType string }{
		"/":                    {"no-cache", "text/html; charset=utf-8"},
		"/index.html":          {"no-cache", "text/html; charset=utf-8"},
		"/assets/app-1a2b.js":  {"public, max-age=31536000, immutable", "text/javascript; charset=utf-8"},
		"/assets/app-1a2b.css": {"public, max-age=31536000, immutable", "text/css; charset=utf-8"},
	} {
		w := get(h, path)
		if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != want.cache || w.Header().Get("Content-Type") != want.contentType {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if again := get(h, path, "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s: %d although unchanged", path, again.Code)
		}
	}
	for _, path := range []string{"/assets/app-0000.js", "/.gitkeep", "/assets/"} {
		if w := get(h, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestPageThatWasNotBuilt(t *testing.T) {
	for name, page := range map[string]fs.FS{
		"empty":    fstest.MapFS{".gitkeep": {}},
		"no index": fstest.MapFS{"assets/app.js": {Data: []byte("x")}},
	} {
		w := get(server.New(server.Options{Reader: &fakeReader{t: t}, Page: page}), "/")
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "make web") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestAnswersAreCompressed(t *testing.T) {
	h := newHandler(&fakeReader{t: t, topics: func(clickhouse.Filter) ([]clickhouse.TopicStat, error) {
		return make([]clickhouse.TopicStat, 100), nil
	}})
	plain := get(h, "/api/v1/topics").Body.Bytes()
	w := get(h, "/api/v1/topics", "Accept-Encoding", "gzip")
	unzip, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatalf("%v, headers %v", err, w.Header())
	}
	if got, err := io.ReadAll(unzip); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("unzipped to %d bytes (%v), want %d", len(got), err, len(plain))
	}
}

func TestTelemetryIsServed(t *testing.T) {
	h := server.New(server.Options{Reader: &fakeReader{t: t}, Page: builtPage(), Telemetry: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "telemetry "+r.URL.Path)
	})})
	for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
		if got := get(h, path).Body.String(); got != "telemetry "+path {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestRequestLogKeepsCustomersOut(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h := server.New(server.Options{Log: log, Page: builtPage(), Reader: &fakeReader{t: t, topics: func(clickhouse.Filter) ([]clickhouse.TopicStat, error) {
		return nil, nil
	}}})
	get(h, "/api/v1/topics?customer_id=jane-doe")
	if got := out.String(); !strings.Contains(got, "path=/api/v1/topics status=200") || strings.Contains(got, "jane-doe") {
		t.Errorf("log: %s", got)
	}
}

// Whatever a client asks for, the route it is counted under is one of few.
func TestRequestsAreObserved(t *testing.T) {
	type seen struct {
		route  string
		status int
	}
	var got []seen
	h := server.New(server.Options{Reader: &fakeReader{t: t}, Page: builtPage(), Log: slog.New(slog.DiscardHandler),
		Observe: func(route string, status int, _ time.Duration) { got = append(got, seen{route, status}) }})
	for _, path := range []string{"/api/v1/schema/event.json", "/api/v1/kpis?since=nonsense", "/api/none/of/it", "/api/none/of/that", "/no/such/page"} {
		get(h, path)
	}
	want := []seen{{"/api/v1/schema/event.json", 200}, {"/api/v1/kpis", 400}, {"/api/", 404}, {"/api/", 404}, {"/", 404}}
	if !slices.Equal(got, want) {
		t.Errorf("observed %v, want %v", got, want)
	}
}
