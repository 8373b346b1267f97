package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"earshot/pipeline"
)

const juniperPack = `pack: juniper
extends: restaurant
topics:
  food.mac:
    phrases: [mac and cheese]
  service.speed:
    negative: [crawled along]
    not: [slow sunday]
tags:
  - {name: slow noon, topic: service.speed, sentiment: negative, contexts: [noon]}
contexts:
  noon: {hours: [{from: 12, to: 13}]}
`

// scored is feedback as the worker stores it.
func scored(t *testing.T, texts ...string) []heard {
	t.Helper()
	analyzer, err := pipeline.NewTextAnalyzer(pipeline.AnalyzerOptions{Pack: "restaurant"})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]heard, len(texts))
	for i, text := range texts {
		e := pipeline.Event{Text: text, Location: fmt.Sprintf("store-%d", i%2)}
		out[i] = heard{daysAgo: 1, event: e, analysis: analyzer.Analyze(&e)}
	}
	return out
}

func previewed(t *testing.T, out string) (v previewResult, moved map[string]string) {
	t.Helper()
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	moved = map[string]string{}
	for _, e := range v.Effects {
		moved[e.Kind+" "+e.Name] = fmt.Sprintf("%d->%d +%d -%d neg %d->%d", e.Before.Texts, e.After.Texts, e.Gained, e.Lost, e.Before.Negative, e.After.Negative)
	}
	return v, moved
}

func TestTopicsPreviewOfStoredFeedback(t *testing.T) {
	a := newAnswers(t)
	a.store(scored(t, "The mac and cheese was lovely.", "Service was painfully slow.", "A slow sunday with friends.", "It all crawled along.",
		"Nothing else to say here, thank you.")...)
	pack := filepath.Join(writeFiles(t, map[string]string{"juniper.yaml": juniperPack}), "juniper.yaml")
	v, moved := previewed(t, a.done("topics", "preview", pack, "--json"))
	// The events were stored at noon UTC, which is the context noon.
	want := map[string]string{
		"topic food.general":  "1->0 +0 -1 neg 0->0", // "cheese" is now part of the mac and cheese
		"topic food.mac":      "0->1 +1 -0 neg 0->0",
		"topic service.speed": "2->2 +1 -1 neg 2->2",
		"tag slow noon":       "0->2 +2 -0 neg 0->0",
		"context noon":        "0->5 +5 -0 neg 0->0",
	}
	for name, says := range want {
		if moved[name] != says {
			t.Errorf("%s: %s, expected %s", name, moved[name], says)
		}
	}
	if v.Texts != 5 || v.Changed != 5 || len(v.Stored) != 1 || v.Stored[0].Version != v.Before || !strings.HasPrefix(v.After, "juniper@") {
		t.Errorf("%+v", v)
	}
	table := a.done("topics", "preview", pack, "--location", "store-1", "--verbatims", "1")
	for _, says := range []string{"2 texts, 2 change", "It all «crawled along»."} {
		if !strings.Contains(table, says) {
			t.Errorf("no %q in\n%s", says, table)
		}
	}
	if strings.Contains(table, "other versions") {
		t.Errorf("the stored tags are those of the taxonomy in force\n%s", table)
	}
	if table = a.done("topics", "preview", pack, "--pack", "general"); !strings.Contains(table, "stored with the tags of other versions, 5 by restaurant@") {
		t.Error(table)
	}
	if out := a.done("topics", "preview", pack, "--since", "2020-01-01", "--until", "2020-02-01"); !strings.Contains(out, "0 texts, 0 change") {
		t.Error(out)
	}
}

func TestTopicsPreviewOfFiles(t *testing.T) {
	dir := writeFiles(t, map[string]string{"juniper.yaml": juniperPack})
	data := filepath.Join(dir, "data.jsonl.gz")
	f, err := os.Create(data)
	if err != nil {
		t.Fatal(err)
	}
	zip := gzip.NewWriter(f)
	const rounds = 700 // more than goes to a worker at once
	for range rounds {
		fmt.Fprintln(zip, `{"text": "mac and cheese, please", "occurred_at": "2026-07-01T12:30:00+02:00"}`)
		fmt.Fprintln(zip, `{"text": "no JSON`)
		fmt.Fprintln(zip, `{"turns": [{"role": "agent", "text": "mac and cheese?"}, {"role": "customer", "text": "it crawled along"}]}`)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := call(t, "topics", "preview", filepath.Join(dir, "juniper.yaml"), "--file", data, "--json", "--verbatims", "2")
	if code != exitDone {
		t.Fatal(stderr)
	}
	v, moved := previewed(t, out)
	want := map[string]string{
		"topic food.mac": "0->700 +700 -0 neg 0->0", "context noon": "0->700 +700 -0 neg 0->0", "topic service.speed": "0->700 +700 -0 neg 0->700",
	}
	for name, says := range want {
		if moved[name] != says {
			t.Errorf("%s: %s, expected %s", name, moved[name], says)
		}
	}
	if v.Texts != 2*rounds || v.Refused != rounds || len(v.Effects[0].New) > 2 {
		t.Errorf("%+v", v)
	}
}

func TestTopicsPreviewMistakes(t *testing.T) {
	dir := writeFiles(t, map[string]string{"new.yaml": "pack: new\n", "broken.yaml": "pack: new\ntopics:\n  a: {phrases: [\"*\"]}\n"})
	file := filepath.Join(dir, "new.yaml")
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"", exitUsage, "see `earshot topics preview --help`"},
		{"/does/not/exist.yaml", exitUsage, "no such file"},
		{filepath.Join(dir, "broken.yaml"), exitCheckFailed, "broken.yaml:3: a: phrase"},
		{file + " --file /does/not/exist", exitUsage, "no such file"},
		{file + " --verbatims 101", exitUsage, "choose 0 to 100"},
		{file + " --source pigeon", exitUsage, "--source"},
		{file + " --since soon", exitUsage, "--since"},
		{file + " --format xml", exitUsage, "choose table, json or csv"},
		{file, exitUnreachable, "earshot up"},
	} {
		code, out, stderr := call(t, append([]string{"topics", "preview"}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(out+stderr, c.says) {
			t.Errorf("topics preview %s: exit %d, expected %d and %q\n%s", c.args, code, c.code, c.says, stderr)
		}
	}
}

func TestHighlight(t *testing.T) {
	for _, c := range []struct {
		text       string
		start, end int
		want       string
	}{
		{"so slow here", 3, 7, "so «slow» here"},
		{"so slow", 3, 7, "so «slow»"},
		{"slow", 0, 0, "slow"},
		{"slow", 2, 9, "slow"},
		{"a\x1b[31m\nslow \ue000x", 7, 11, "a [31m «slow» x"},
	} {
		if got := highlight(paint{}, c.text, c.start, c.end); got != c.want {
			t.Errorf("%q: %q, expected %q", c.text, got, c.want)
		}
	}
	if got := highlight(paint{on: true}, "so slow", 3, 7); got != "so \x1b[1;7mslow\x1b[0m" {
		t.Errorf("%q", got)
	}
}
