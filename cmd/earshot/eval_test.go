package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEvalTellsWhatWasNotScored: rows in a language without a model count as neutral,
// which their reader has to know.
func TestEvalTellsWhatWasNotScored(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mixed.jsonl")
	rows := `{"text":"the waiter was friendly and the food excellent","label":"positive"}
{"text":"el camarero fue muy amable y la comida estaba excelente","label":"positive"}
`
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		var out, errs strings.Builder
		p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
		if code := p.run(t.Context(), append([]string{"eval", file}, args...)); code != exitDone {
			t.Fatalf("%v: exit %d, %s", args, code, errs.String())
		}
		return out.String()
	}
	if out := run(); !strings.Contains(out, "earshot did not score 1 of the rows") {
		t.Errorf("eval says %q", out)
	}
	var reports []evalReport
	if err := json.Unmarshal([]byte(run("--json")), &reports); err != nil {
		t.Fatal(err)
	}
	for _, s := range reports[0].Scorers {
		if want := map[string]int{"earshot": 1}[s.Name]; s.Unscored != want {
			t.Errorf("%s: %d rows not scored, want %d", s.Name, s.Unscored, want)
		}
	}
}
