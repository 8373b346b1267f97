package main

import (
	"testing"

	"earshot/pipeline"
)

func BenchmarkAnalyzeLine(b *testing.B) {
	analyzer, err := pipeline.NewTextAnalyzer(pipeline.AnalyzerOptions{Pack: "restaurant"})
	if err != nil {
		b.Fatal(err)
	}
	a := lineAnalyzer{analyzer: analyzer}
	l := line{number: 2, text: []byte(`{"id":"r-1","source":"review","occurred_at":"2026-07-03T19:30:00+02:00","rating":2,"location":"store-012",` +
		`"text":"We waited 40 minutes for our table and the service was painfully slow, but the food was really good! Sadly the bill was wrong again, I won't be back."}`)}
	b.ReportAllocs()
	var out []byte
	for b.Loop() {
		out, _ = a.appendLine(out[:0], l, "-")
	}
}
