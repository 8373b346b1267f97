package e2e

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// oneLine checks an error message: one line that names the program, the exit
// code, and the words that the user needs.
func oneLine(t *testing.T, r result, code int, words ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit %d, want %d", r.code, code)
	}
	message := strings.TrimSuffix(r.stderr, "\n")
	if !strings.HasPrefix(message, "earshot: ") || strings.Contains(message, "\n") {
		t.Errorf("standard error is not one line of ours:\n%s", r.stderr)
	}
	for _, word := range words {
		if !strings.Contains(message, word) {
			t.Errorf("%q does not say %q", message, word)
		}
	}
}

// Wrong use that is found out before anything runs.
func TestBadUsage(t *testing.T) {
	in := newInstall(t)
	csv := filepath.Join(in.cwd, "reviews.csv")
	if err := os.WriteFile(csv, []byte("review,stars,date\nfine,4,2026-05-01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	closed := closedPort(t)
	cases := []struct {
		name  string
		args  []string
		code  int
		words []string
	}{
		{"unknown flag", []string{"report", "--frobnicate"}, 2, []string{"--frobnicate", "--help"}},
		{"unknown command", []string{"reprot"}, 2, []string{"reprot", "report"}},
		{"missing file", []string{"feed", "no-such.csv", "--kafka", closed}, 2, []string{"no-such.csv"}},
		{"nothing runs", []string{"report"}, 3, []string{"earshot up"}},
		{"Kafka unreachable", []string{"feed", csv, "--map", "text=review,rating=stars,occurred_at=date", "--set", "source=review", "--kafka", closed}, 3, []string{closed}},
		{"ClickHouse unreachable", []string{"report", "--clickhouse", "clickhouse://default@" + closed + "/earshot"}, 3, []string{closed}},
		{"audit unreachable", []string{"audit", "--clickhouse", "clickhouse://default@" + closed + "/earshot"}, 3, []string{closed}},
		{"migrate unreachable", []string{"migrate", "--clickhouse", "clickhouse://default@" + closed + "/earshot"}, 3, []string{closed}},
		{"mapping without such a column", []string{"feed", csv, "--map", "text=nonsense", "--kafka", closed}, 2, []string{"nonsense", "review"}},
		{"mapping to no field", []string{"feed", csv, "--map", "txet=review", "--kafka", closed}, 2, []string{"txet", "text"}},
		{"time range", []string{"report", "--since", "soon"}, 2, []string{"--since", "30d"}},
		{"format", []string{"followups", "list", "--format", "xml"}, 2, []string{"xml"}},
		{"missing configuration", []string{"report", "--config", "none.yaml"}, 2, []string{"none.yaml"}},
		{"bad address", []string{"up", "--listen", "nowhere"}, 2, []string{"nowhere"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			oneLine(t, in.run(c.args...), c.code, c.words...)
		})
	}
}

// closedPort returns an address where nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestSecondUpIsRefused(t *testing.T) {
	needEngine(t)
	in := newInstall(t)
	up := in.up()
	oneLine(t, in.run(append([]string{"up"}, freePorts...)...), 1, in.data)
	if up.number("SELECT count() FROM records") != 0 {
		t.Error("the first up has rows")
	}
}

func TestBusyPortIsNamed(t *testing.T) {
	needEngine(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	busy := l.Addr().String()
	for _, flag := range []string{"--listen", "--kafka-listen", "--clickhouse-listen", "--clickhouse-http-listen"} {
		t.Run(flag, func(t *testing.T) {
			in := newInstall(t)
			args := append([]string{"up"}, freePorts...)
			oneLine(t, in.run(append(args, flag, busy)...), 1, busy)
			if left := in.left(); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// A data directory that cannot be written to.
func TestUnusableDataDirectory(t *testing.T) {
	in := newInstall(t)
	file := filepath.Join(in.cwd, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"up", "--data", filepath.Join(file, "data")}, freePorts...)
	oneLine(t, in.run(args...), 2, file)
}
