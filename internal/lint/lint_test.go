package lint

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// The rules hold in the module.
func TestModule(t *testing.T) {
	packages := listPackages(t)
	if len(packages) < 10 {
		t.Fatalf("only %d packages: is the module listed whole?", len(packages))
	}
	for _, line := range Violations(packages) {
		t.Error(line)
	}
}

func listPackages(t *testing.T) []Package {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", module+"...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []Package
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p Package
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func TestRules(t *testing.T) {
	cases := []struct {
		from, imports string
		want          string // "" = allowed
	}{
		{"sentiment", "strings", ""},
		{"sentiment/model", "earshot/sentiment/vader", ""},
		{"sentiment/topic", "earshot/pipeline", "text analysis knows neither"},
		{"sentiment", "os", "no I/O"},
		{"pipeline", "earshot/sentiment/topic", ""},
		{"pipeline", "earshot/pipeline/kafka", "never imports an adapter"},
		{"pipeline", "earshot/sinks/clickhouse", "never imports an adapter"},
		{"pipeline", "net/http", "no I/O"},
		{"pipeline/followup", "earshot/pipeline", "case rules are pure"},
		{"pipeline/kafka", "earshot/pipeline", ""},
		{"pipeline/kafka", "earshot/pipeline/intake", "not in each other"},
		{"pipeline/kafka", "github.com/segmentio/kafka-go/protocol", ""},
		{"pipeline/kafka", "earshot/cmd/earshot/config", "nobody imports a command"},
		{"sinks/clickhouse", "earshot/pipeline/followup", ""},
		{"sinks/clickhouse", "github.com/ClickHouse/clickhouse-go/v2", ""},
		{"sinks/clickhouse", "earshot/dashboards/server", "knows no page"},
		{"sinks/export", "github.com/segmentio/kafka-go", "belongs to pipeline/kafka"},
		{"dashboards/server", "earshot/sinks/clickhouse", ""},
		{"dashboards/server", "earshot/pipeline/followup", ""},
		{"dashboards/server", "github.com/ClickHouse/clickhouse-go/v2", "belongs to sinks/clickhouse"},
		{"dashboards/server", "earshot/internal/embedded", "reads through the queries"},
		{"internal/embedded", "github.com/twmb/franz-go/pkg/kfake", ""},
		{"internal/embedded", "earshot/pipeline", "know nothing"},
		{"internal/telemetry", "earshot/pipeline", ""},
		{"pipeline/kafka", "github.com/twmb/franz-go/pkg/kgo", "belongs to internal/embedded"},
		{"cmd/earshot", "earshot/internal/embedded", ""},
		{"cmd/earshot", "earshot/cmd/earshot/config", ""},
		{"cmd/earshot", "github.com/spf13/viper", "belongs to cmd/earshot/config"},
		{"cmd/earshot", "github.com/ebitengine/purego", "belongs to internal/embedded"},
		{"attic", "earshot/pipeline", "is in no room"},
		{"sinks/helpers", "strings", "name a package for what it provides"},
	}
	for _, tc := range cases {
		got := strings.Join(Violations([]Package{{module + tc.from, []string{tc.imports}}}), "\n")
		switch {
		case tc.want == "" && got != "":
			t.Errorf("%s -> %s is refused: %s", tc.from, tc.imports, got)
		case tc.want != "" && !strings.Contains(got, tc.want):
			t.Errorf("%s -> %s: %q lacks %q", tc.from, tc.imports, got, tc.want)
		}
	}
}

// A rule for a room or a technology that is gone would guard nothing.
func TestRulesMeetTheModule(t *testing.T) {
	packages := listPackages(t)
	for _, r := range rooms() {
		found := false
		for _, p := range packages {
			found = found || covers(r.path, strings.TrimPrefix(p.ImportPath, module))
		}
		if !found {
			t.Errorf("no package is in the room %s", r.path)
		}
	}
}
