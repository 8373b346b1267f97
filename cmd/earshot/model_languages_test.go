package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"earshot/pipeline"
)

// feedbackIn writes rows of a language, named or not, that two words tell apart.
func feedbackIn(t *testing.T, name, language, bad, good string) string {
	t.Helper()
	var b strings.Builder
	for i := range 12 {
		fmt.Fprintf(&b, `{"text":%q,"csat":1,"lang":%q}`+"\n", fmt.Sprintf("%s %d", bad, i), language)
		fmt.Fprintf(&b, `{"text":%q,"survey":{"nps":10},"lang":%q}`+"\n", fmt.Sprintf("%s %d", good, i), language)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// run is a command whose exit code is expected; it returns what it printed.
func runCommand(t *testing.T, code int, stdin string, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	p := &program{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs}
	if got := p.run(t.Context(), args); got != code {
		t.Fatalf("%v: exit %d, want %d: %s", args, got, code, errs.String())
	}
	return out.String(), errs.String()
}

func TestModelsForOtherLanguages(t *testing.T) {
	es := feedbackIn(t, "es.jsonl", "es", "el servicio fue horrible en la mesa", "la comida estaba buenísima en la mesa")
	de := feedbackIn(t, "de.jsonl", "", "die Bedienung war leider sehr unfreundlich an Tisch", "das Essen war wirklich ausgezeichnet an Tisch")
	dir := t.TempDir()
	esModel, deModel := filepath.Join(dir, "es.model"), filepath.Join(dir, "de.model")

	_, errs := runCommand(t, exitDone, "", "model", "train", es, de, "--language", "es", "--out", esModel)
	if strings.Contains(errs, "es.jsonl: ") {
		t.Errorf("rows of es.jsonl left out: %s", errs)
	}
	runCommand(t, exitDone, "", "model", "train", es, "--out", esModel)
	if out, _ := runCommand(t, exitDone, "", "model", "train", de, "--out", deModel); !strings.Contains(out, "language de") { // as detected
		t.Errorf("train says %q", out)
	}
	if out, _ := runCommand(t, exitDone, "", "model", "show", esModel); !strings.Contains(out, "languages  es") {
		t.Errorf("show says %q", out)
	}

	const input = `{"text":"el servicio fue horrible","language":"es"}
{"text":"das Essen war ausgezeichnet","language":"de"}
{"text":"the food was wonderful"}
{"text":"tout était parfait","language":"fr"}
`
	config := filepath.Join(dir, "earshot.yaml")
	if err := os.WriteFile(config, []byte("analysis:\n  models: ["+esModel+", "+deModel+"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := runCommand(t, exitDone, input, "analyze", "--config", config)
	for i, want := range []string{`"label":"negative"`, `"label":"positive"`, `"label":"positive"`, `"label":"unknown"`} {
		if line := strings.Split(out, "\n")[i]; !strings.Contains(line, want) || !strings.Contains(line, " de@") || !strings.Contains(line, " es@") {
			t.Errorf("line %d: %s, want %s", i, line, want)
		}
	}
	// One for another language by --model joins the shipped model.
	out, _ = runCommand(t, exitDone, input, "analyze", "--model", esModel)
	for i, want := range []string{`"label":"negative"`, `"label":"unknown"`, `"label":"positive"`} {
		if line := strings.Split(out, "\n")[i]; !strings.Contains(line, want) {
			t.Errorf("line %d: %s, want %s", i, line, want)
		}
	}

	both, err := os.ReadFile(es)
	if err != nil {
		t.Fatal(err)
	}
	mixed := feedbackIn(t, "mixed.jsonl", "pt", "o serviço foi péssimo na mesa", "a comida estava ótima na mesa")
	f, err := os.OpenFile(mixed, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(both); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code int
		want string
		args []string
	}{
		{exitUsage, "name one with --language", []string{"model", "train", mixed, "--out", esModel}},
		{exitUsage, "--language", []string{"model", "train", es, "--language", "spanish", "--out", esModel}},
		{exitUsage, "no FILE", []string{"model", "train", "--out", esModel}},
		{exitUsage, "not both", []string{"model", "train", es, "--from-clickhouse", "--out", esModel}},
	} {
		if _, errs := runCommand(t, c.code, "", c.args...); !strings.Contains(errs, c.want) {
			t.Errorf("%v says %q, want %q", c.args, errs, c.want)
		}
	}
	if _, errs := runCommand(t, exitDone, "", "model", "train", mixed, "--language", "pt", "--out", esModel+"2"); !strings.Contains(errs, "24 rows in other languages than pt") {
		t.Errorf("train says %q", errs)
	}
}

func TestOtherLanguagesRefuse(t *testing.T) {
	es := feedbackIn(t, "es.jsonl", "es", "el servicio fue horrible en la mesa", "la comida estaba buenísima en la mesa")
	file := es + ".model"
	runCommand(t, exitDone, "", "model", "train", es, "--out", file)
	for _, c := range []struct {
		files []string
		want  string
	}{
		{[]string{"base"}, "is for English"},
		{[]string{file, file}, "a model for es already"},
		{[]string{es}, "not a sentiment model"},
	} {
		if err := otherLanguages(new(pipeline.AnalyzerOptions), c.files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.files, err, c.want)
		}
	}
}
