package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPlacesAreCheckedFirst: no command learns for a minute and then cannot write.
func TestPlacesAreCheckedFirst(t *testing.T) {
	dir := t.TempDir()
	rows := filepath.Join(dir, "rows.jsonl")
	if err := os.WriteFile(rows, []byte(`{"text": "fine", "label": "positive"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	nowhere := filepath.Join(dir, "absent", "x")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"model", "train", rows, "--out", nowhere}, "there is no folder"},
		{[]string{"model", "train", rows, "--out", dir}, "that is a folder"},
		{[]string{"model", "adapt", "--from-clickhouse", "--out", nowhere}, "there is no folder"},
		{[]string{"topics", "train", rows, "--out", nowhere}, "there is no folder"},
		{[]string{"eval", rows, "--html", nowhere}, "there is no folder"},
		{[]string{"eval", nowhere}, nowhere + ": no such file"},
		{[]string{"eval", dir}, "is a folder"},
		{[]string{"model", "train", nowhere, "--out", filepath.Join(dir, "y")}, nowhere + ": no such file"},
		{[]string{"analyze", "--model", nowhere}, "no such file; choose base"},
		{[]string{"model", "show", nowhere}, "no such file; choose base"},
		{[]string{"explain", "--source", "smoke", "fine"}, "expected one of survey, review"},
	} {
		if _, stderr := runCommand(t, exitUsage, "", c.args...); !strings.Contains(stderr, c.want) || strings.Count(strings.TrimSpace(stderr), "\n") > 0 {
			t.Errorf("%v says %q, want one line with %q", c.args, stderr, c.want)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v, left in the folder: %v", err, left)
	}
}
