package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"earshot/pipeline/simulate"
)

func TestSimulateWritesEventsAndTruth(t *testing.T) {
	dir := t.TempDir()
	truthFile, out := filepath.Join(dir, "truth.json"), filepath.Join(dir, "events.jsonl")
	var stdout, stderr bytes.Buffer
	p := &program{stdout: &stdout, stderr: &stderr, now: func() time.Time { return time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC) }}
	args := []string{"simulate", "--seed", "3", "--events", "500", "--days", "30", "--truth", truthFile}
	if code := p.run(t.Context(), args); code != exitDone {
		t.Fatalf("exit %d: %s", code, &stderr)
	}
	if code := p.run(t.Context(), append(args, "--out", out)); code != exitDone {
		t.Fatalf("exit %d: %s", code, &stderr)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file, stdout.Bytes()) || bytes.Count(file, []byte("\n")) != 500 {
		t.Errorf("--out holds %d lines, standard output %d", bytes.Count(file, []byte("\n")), strings.Count(stdout.String(), "\n"))
	}
	var truth simulate.Truth
	data, err := os.ReadFile(truthFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	if truth.Messages != 500 || truth.End != p.clock() {
		t.Errorf("truth counts %d messages until %v", truth.Messages, truth.End)
	}
}

func TestSimulateRefuses(t *testing.T) {
	for _, args := range [][]string{{"--events", "0"}, {"--days", "-1"}, {"--start", "soon"}, {"extra"}, {"--sed", "1"}} {
		var stdout, stderr bytes.Buffer
		p := &program{stdout: &stdout, stderr: &stderr}
		code := p.run(t.Context(), append([]string{"simulate"}, args...))
		if code != exitUsage || strings.Count(stderr.String(), "\n") != 1 {
			t.Errorf("%v: exit %d, %q", args, code, stderr.String())
		}
	}
}
