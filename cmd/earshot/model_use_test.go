package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"earshot/sentiment/model"
)

func TestModelVersionMistakes(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"model use", exitUsage, "see `earshot model use --help`"},
		{"model use vader", exitUsage, "no learned model"},
		{"model use auto", exitUsage, "no learned model"},
		{"model use base --by " + strings.Repeat("k", 201), exitUsage, "--by names who takes it"},
		{"model history --limit 0", exitUsage, "--limit 0"},
		{"model history --format xml", exitUsage, "choose table, json or csv"},
		{"model rollback extra", exitUsage, "see `earshot model rollback --help`"},
		{"model use base", exitUnreachable, "earshot up"},
		{"model history", exitUnreachable, "earshot up"},
		{"model rollback", exitUnreachable, "earshot up"},
		{"model show auto", exitUnreachable, "earshot up"},
		{"model show 0123abcd", exitUnreachable, "earshot up"},
		{"analyze --model auto", exitUnreachable, "earshot up"},
		{"model show auto --clickhouse clickhouse://127.0.0.1:1/earshot", exitUnreachable, "doctor"},
		{"model history --clickhouse clickhouse://127.0.0.1:1/earshot", exitUnreachable, "doctor"},
		{"model use base --clickhouse clickhouse://127.0.0.1:1/earshot", exitUnreachable, "doctor"},
	} {
		t.Run(c.args[:min(len(c.args), 40)], func(t *testing.T) {
			code, stdout, stderr := call(t, strings.Fields(c.args)...)
			if code != c.code || stdout != "" || !strings.Contains(lastLine(stderr), c.says) {
				t.Errorf("exit code %d, want %d; stdout %q; %q does not say %q", code, c.code, stdout, stderr, c.says)
			}
		})
	}
}

// spanishModel is a file of a model for Spanish alone.
func spanishModel(t *testing.T) (file string) {
	t.Helper()
	es := feedbackIn(t, "es.jsonl", "es", "el servicio fue horrible en la mesa", "la comida estaba buenísima en la mesa")
	file = filepath.Join(t.TempDir(), "es.model")
	runCommand(t, exitDone, "", "model", "train", es, "--out", file)
	return file
}

// A file is put in place by its bytes, found by the beginning of its version, chosen
// again and gone back from.
func TestModelUse(t *testing.T) {
	a := newAnswers(t)
	base, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	if said := a.done("model", "history"); !strings.Contains(said, "use the shipped one") {
		t.Errorf("an empty history: %q", said)
	}
	version, artefact := smallModel(t, "teal")
	file := filepath.Join(t.TempDir(), "our.model")
	if err := os.WriteFile(file, artefact, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ command, inPlace, says string }{
		{"model use " + file + " --by kim --note ours", version, "is in place; workers"},
		{"model use " + version[:5], version, "in place already"},
		{"model use base", base.Version, "such workers keep that"},
		{"model rollback", version, "model " + version + " is in place"},
		{"model rollback", base.Version, "model " + base.Version + " is in place"},
		{"model use " + version[:5], version, "is in place"},
	} {
		if said := a.done(strings.Fields(step.command)...); !strings.Contains(said, step.says) {
			t.Errorf("%s: %q does not say %q", step.command, said, step.says)
		}
		lines := a.history()
		if last := lines[len(lines)-1]; !last.InPlace || last.Version != step.inPlace {
			t.Errorf("%s: %+v is the last line, %s should be in place", step.command, last, step.inPlace)
		}
	}
	if code, _, stderr := a.run("model", "use", spanishModel(t)); code != exitUsage || !strings.Contains(stderr, "is a model for es") {
		t.Errorf("a model of another language: exit code %d, %q", code, stderr)
	}
	if lines := a.history(); len(lines) != 5 || lines[0].By != "kim" || lines[0].Reason != "ours" || lines[0].Rows != 24 {
		t.Errorf("history: %+v", lines)
	}
	if csv := a.done("model", "history", "--format", "csv", "--limit", "2"); strings.Count(csv, "\n") != 3 {
		t.Errorf("csv:\n%s", csv)
	}
	a.exec("INSERT INTO models (decision, version, artefact) VALUES ('put in place', 'ffffffffffff', 'PK')")
	for args, says := range map[string]string{"model show auto": "not a sentiment model", "model use ffff": "not a sentiment model", "model show 0123abcd": "no model of that version"} {
		if code, _, stderr := a.run(strings.Fields(args)...); code != exitFailed || !strings.Contains(stderr, says) {
			t.Errorf("%s: exit code %d, %q", args, code, stderr)
		}
	}
}
