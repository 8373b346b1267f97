package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"earshot/cmd/earshot/config"
)

func TestConfigShow(t *testing.T) {
	t.Setenv("EARSHOT_LOG_LEVEL", "debug")
	_, yamlText, _ := call(t, "config", "show", "--clickhouse", "clickhouse://u:hunter2@h:9000/earshot")
	for _, want := range []string{"level: debug", "# EARSHOT_LOG_LEVEL", "u:***@h", "# --clickhouse", "index: 0 "} {
		if !strings.Contains(yamlText, want) {
			t.Errorf("%q is not shown:\n%s", want, yamlText)
		}
	}
	_, jsonText, _ := call(t, "config", "show", "--json", "--clickhouse", "clickhouse://u:hunter2@h:9000/earshot")
	var list []setting
	if err := json.Unmarshal([]byte(jsonText), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != len(config.Keys()) {
		t.Errorf("%d settings, want %d", len(list), len(config.Keys()))
	}
	if strings.Contains(yamlText+jsonText, "hunter2") {
		t.Error("the password is shown")
	}
}

// What `config show` prints is a configuration file with the same values.
func TestConfigShowReadsBack(t *testing.T) {
	_, shown, _ := call(t, "config", "show", "--kafka", "a:1,b:2")
	var any map[string]any
	if err := yaml.Unmarshal([]byte(shown), &any); err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	file := filepath.Join(t.TempDir(), "earshot.yaml")
	if err := os.WriteFile(file, []byte(shown), 0o600); err != nil {
		t.Fatal(err)
	}
	code, again, stderr := call(t, "config", "show", "--config", file)
	if code != exitDone {
		t.Fatal(stderr)
	}
	if values(again) != values(shown) {
		t.Errorf("read back:\n%s\nwas:\n%s", again, shown)
	}
}

// values drops the origins.
func values(shown string) string {
	var b strings.Builder
	for line := range strings.Lines(shown) {
		value, _, _ := strings.Cut(line, " # ")
		b.WriteString(strings.TrimSpace(value) + "\n")
	}
	return b.String()
}

func TestConfigCheck(t *testing.T) {
	code, stdout, _ := call(t, "config", "check")
	if code != exitDone || !strings.Contains(stdout, "valid") {
		t.Errorf("code %d, %q", code, stdout)
	}
	t.Setenv("EARSHOT_LOG_LEVEL", "loud")
	t.Setenv("EARSHOT_SERVE_LISTEN", "8080")
	code, _, stderr := call(t, "config", "check")
	if code != exitUsage || strings.Count(stderr, "\n") != 2 {
		t.Errorf("code %d, want both mistakes on a line each: %q", code, stderr)
	}
}

// What a worker would stumble over when it starts is told by the check.
func TestConfigCheckReadsTheAnalysis(t *testing.T) {
	dir := writeFiles(t, map[string]string{"mine.yaml": "pack: mine\nextends: tea\n", "no.topics": "nonsense"})
	for setting, says := range map[string]string{
		"pack: nonsense": "no pack is called nonsense; there are airline",
		"packs: " + dir:  `mine.yaml:2: extends: no pack is called "tea"`,
		"topics_model: " + filepath.Join(dir, "no.topics"): "earshot topics train",
	} {
		file := filepath.Join(writeFiles(t, map[string]string{"e.yaml": "analysis:\n  " + setting + "\n"}), "e.yaml")
		if code, out, stderr := call(t, "config", "check", "--config", file); code != exitUsage || !strings.Contains(stderr, says) {
			t.Errorf("%s: exit %d\n%s%s", setting, code, out, stderr)
		}
	}
}
