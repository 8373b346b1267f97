package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
)

// dataFolder holds real feedback as JSONL, outside the repository.
func dataFolder() string {
	if dir := os.Getenv("EARSHOT_TEST_DATA"); dir != "" {
		return dir
	}
	return "../../../shared/data"
}

// row is what the files have in common.
type row struct {
	ID, Source string
	TS         *string
}

// Real input: every row is an event, a duplicate or a dead letter.
func TestRealData(t *testing.T) {
	needEngine(t)
	files, err := filepath.Glob(filepath.Join(dataFolder(), "*.jsonl.gz"))
	if err != nil || len(files) == 0 {
		t.Skipf("no *.jsonl.gz in %s; EARSHOT_TEST_DATA names another folder", dataFolder())
	}
	in := newInstall(t)
	up := in.up()
	total := 0
	for _, file := range files {
		path, err := filepath.Abs(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".jsonl.gz")
		rows, first := scan(t, path)
		if first.ID == "" {
			continue // no feedback: a table of reference scores
		}
		total += rows
		in.must(append([]string{"feed", path, "--id-prefix", name + "/", "--set", "platform=" + name}, mapping(first)...)...)
	}
	if n := up.drained(3 * time.Minute); n != total {
		t.Errorf("%d offsets in Kafka for %d rows", n, total)
	}
	got := up.outcomes()
	t.Logf("%d rows: %v", total, got)
	if got["event"]+got["duplicate"]+got["dead"] != total || got["event"] < total*95/100 {
		t.Errorf("%d rows became %v", total, got)
	}
	for _, line := range up.query("SELECT reason, any(detail), count() FROM dead_letters GROUP BY reason") {
		t.Log("dead:", line)
	}
	in.must("audit")
}

// mapping is what a user would write for the file.
func mapping(r row) []string {
	fields, channel := []string{"language=lang", "attributes.origin=source"}, "review"
	switch r.Source {
	case "twitter", "forum":
		channel = "social"
	case "chat":
		channel = "chat"
	}
	flags := []string{"--set", "source=" + channel}
	if r.TS != nil {
		fields = append(fields, "occurred_at=ts")
	} else {
		flags = append(flags, "--set", "occurred_at=2026-01-01T12:00:00Z")
	}
	return append(flags, "--map", strings.Join(fields, ","))
}

// scan counts the rows of a file and returns the first.
func scan(t *testing.T, path string) (rows int, first row) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(zip)
	line, err := in.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(line, &first); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return 1 + bytes.Count(rest, []byte("\n")), first
}
