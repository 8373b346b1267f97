package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBenchTextsOfFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "own.jsonl")
	write := func(texts ...string) {
		t.Helper()
		var rows []byte
		for _, text := range texts {
			rows = append(append(append(rows, `{"text":`...), appendText(nil, text)...), "}\n"...)
		}
		if err := os.WriteFile(file, rows, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	texts := []string{"too short", strings.Repeat("too long ", 50)}
	for range 100 { // enough to take measurable time
		texts = append(texts, strings.Repeat("slow service ", 6), strings.Repeat("good food ", 10))
	}
	write(texts...)
	out, diag, code := runWith(t, strings.NewReader(""), "bench", "texts", file, "--json")
	var b textBench
	if err := json.Unmarshal([]byte(out), &b); err != nil || code != exitDone {
		t.Fatalf("exit %d, %q: %v", code, diag, err)
	}
	if b.Texts != 200 || math.Round(b.Bytes) != 89 || b.Rules == 0 || len(b.Stages) != 6 || b.Stages[0].TimesVader != 1 {
		t.Errorf("%+v", b)
	}
	shown, _, _ := runWith(t, strings.NewReader(""), "bench", "texts", file)
	if !strings.HasPrefix(shown, "200 texts of 89 bytes, ") || !strings.HasSuffix(shown, " lines/s\n") {
		t.Errorf("%s", shown)
	}
	write("too short")
	if _, diag, code := runWith(t, strings.NewReader(""), "bench", "texts", file); code != exitUsage || !strings.Contains(diag, "60 to 250 bytes") {
		t.Errorf("exit %d, %q", code, diag)
	}
}
