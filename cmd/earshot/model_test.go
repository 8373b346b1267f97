package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// labelledFile writes feedback whose class hangs on words that VADER does not
// list, a row without any label, and one with stars alone.
func labelledFile(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for i, place := range []string{"queue", "table", "order", "app", "driver", "checkout", "desk", "phone line", "shop", "kiosk"} {
		fmt.Fprintf(&b, `{"text":"the %s took forever again","label":"negative"}`+"\n", place)
		fmt.Fprintf(&b, `{"text":"the %s went like clockwork","rating":5}`+"\n", place)
		fmt.Fprintf(&b, `{"text":"the %s opens at %d","label":"neutral"}`+"\n", place, i+8)
	}
	b.WriteString(`{"text":"no label"}` + "\n")
	path := filepath.Join(t.TempDir(), "own.jsonl")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTrainShowEvalAnalyze(t *testing.T) {
	file := labelledFile(t)
	artefact := filepath.Join(filepath.Dir(file), "own.model")
	run := func(stdin string, args ...string) (string, string) {
		t.Helper()
		var out, errs strings.Builder
		p := &program{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs}
		if code := p.run(t.Context(), args); code != exitDone {
			t.Fatalf("%v: exit %d, %s", args, code, errs.String())
		}
		return out.String(), errs.String()
	}
	out, errs := run("", "model", "train", file, "--out", artefact, "--licence", "ours", "--base", "none")
	if !strings.Contains(out, "30 examples") || !strings.Contains(errs, "1 rows without label") {
		t.Errorf("train says %q and %q", out, errs)
	}
	if out, _ := run("", "model", "show", artefact); !strings.Contains(out, "own: 30 rows, licence ours") {
		t.Errorf("show says %q", out)
	}
	out, _ = run("", "eval", file, "--model", artefact, "--json")
	var reports []evalReport
	if err := json.Unmarshal([]byte(out), &reports); err != nil {
		t.Fatal(err)
	}
	accuracy := map[string]float64{}
	for _, s := range reports[0].Scorers {
		accuracy[s.Name] = s.Accuracy
	}
	if reports[0].Rows != 30 || reports[0].Unlabelled != 1 || accuracy["earshot"] != 1 || accuracy["VADER"] > 0.7 {
		t.Errorf("eval: %d rows, %d unlabelled, accuracies %v", reports[0].Rows, reports[0].Unlabelled, accuracy)
	}
	out, _ = run(`{"text":"the lift took forever again"}`, "analyze", "--model", artefact)
	if !strings.Contains(out, `"label":"negative"`) || !strings.Contains(out, `"model":"learned@`) {
		t.Errorf("analyze says %q", out)
	}
}

func TestModelRefuses(t *testing.T) {
	file := labelledFile(t)
	few := filepath.Join(t.TempDir(), "few.jsonl")
	if err := os.WriteFile(few, []byte(`{"text":"fine","label":"positive"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"model", "train", file}, exitUsage, "--out FILE is missing"},
		{[]string{"model", "train", "absent.jsonl", "--out", "x"}, exitUsage, "absent.jsonl"},
		{[]string{"model", "train", few, "--out", few + ".model"}, exitFailed, "needs at least 10 examples"},
		{[]string{"model", "show", file}, exitFailed, "not a sentiment model"},
		{[]string{"analyze", "--model", file}, exitFailed, "earshot model train"},
		{[]string{"eval", "absent.jsonl"}, exitUsage, "absent.jsonl"},
		{[]string{"eval", file, "--adapt", "0"}, exitUsage, "--adapt 0"},
		{[]string{"eval", file, "--adapt", "9", "--model", "vader"}, exitUsage, "learned model"},
		{[]string{"model", "adapt"}, exitUsage, "--from-clickhouse is missing"},
		{[]string{"model", "adapt", "--from-clickhouse"}, exitUsage, "--out FILE is missing"},
		{[]string{"model", "live", "--by", "weather"}, exitUsage, "--by weather"},
	} {
		var out, errs strings.Builder
		p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
		if code := p.run(t.Context(), c.args); code != c.code || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%v: exit %d (want %d), says %q (want %q)", c.args, code, c.code, errs.String(), c.want)
		}
	}
}

func TestEvalAdapt(t *testing.T) {
	file := labelledFile(t)
	var out, errs strings.Builder
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
	if code := p.run(t.Context(), []string{"eval", file, "--adapt", "10,20,500", "--json"}); code != exitDone {
		t.Fatalf("exit %d, %s", code, errs.String())
	}
	var curves []learningCurve
	if err := json.Unmarshal([]byte(out.String()), &curves); err != nil {
		t.Fatal(err)
	}
	if len(curves) != 1 || len(curves[0].Points) != 2 {
		t.Fatalf("more points than rows allow: %s", out.String())
	}
	if p := curves[0].Points[1]; p.Learned != 20 || p.Judged != 10 || p.Report.Method != "kept" || p.Adapted != p.Base {
		t.Errorf("20 rows are too few to adapt to: %+v", p)
	}
}
