package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/pipeline/simulate"
	"earshot/sentiment"
	"earshot/sentiment/lexicon"
	"earshot/sentiment/model"
	"earshot/sentiment/topic"
	"earshot/sentiment/vader"
)

// textBench is what `bench texts` prints.
type textBench struct {
	Texts      int         `json:"texts"`
	Bytes      float64     `json:"bytes"` // of a text, on average
	Rules      int         `json:"rules"` // of the taxonomy
	LoadMillis float64     `json:"model_load_ms"`
	Stages     []textStage `json:"stages"`
}

// textStage is one way to read the texts, measured on one processor: the best of the
// rounds, by processor time, so that other programs hardly count.
type textStage struct {
	Name       string  `json:"name"`
	PerSecond  float64 `json:"texts_per_second"`
	Micros     float64 `json:"microseconds"` // of a text
	TimesVader float64 `json:"times_vader_go"`
	Allocs     float64 `json:"allocations"` // of a text

	read func(i int, text string)
	best time.Duration
}

const (
	benchTexts      = 4000
	benchTextRounds = 10

	leastBytes, leastSimulated, mostBytes = 60, 105, 250 // simulated texts are 141 on average
)

func (p *program) benchTextsCommand() *cobra.Command {
	var tools analysisFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "texts [FILE…]",
		Short: "Measure the analysis of texts on one processor, beside vader-go",
		Long: `Analyses texts of 60 to 250 bytes, those of the files (JSON lines with "text"), or of
simulated feedback, 105 to 250 bytes and 141 on average. Prints how many a second one
processor reads: by vader-go, by the exact VADER, and with more and more of the
analysis, up to all of it; last the lines a second of analyze. The stages take turns
and the best of ten rounds counts, in processor time. Allocations are those of a
caller who reuses memory, as workers and analyze do.`,
		Example: `  earshot bench texts
  earshot bench texts reviews.jsonl --pack hotel`,
		RunE: func(cmd *cobra.Command, files []string) error {
			texts, err := p.benchInput(files)
			if err != nil {
				return err
			}
			b := &textBench{Texts: len(texts)}
			for _, t := range texts {
				b.Bytes += float64(len(t)) / float64(len(texts))
			}
			if tools.model == "" {
				tools.model = "base"
			}
			if err := b.prepare(p, cmd, tools, texts); err != nil {
				return err
			}
			b.run(texts)
			return b.print(cmd.OutOrStdout(), asJSON)
		},
	}
	tools.add(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "the figures as JSON")
	return cmd
}

// benchInput returns texts of the usual length.
func (p *program) benchInput(files []string) (texts []string, err error) {
	usual := func(text string, least int) bool { return least <= len(text) && len(text) <= mostBytes }
	for _, name := range files {
		in, err := p.openInput(name)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, maxLine)
		for lines.Scan() && len(texts) < benchTexts {
			var row struct{ Text string }
			if json.Unmarshal(lines.Bytes(), &row) == nil && usual(row.Text, leastBytes) {
				texts = append(texts, row.Text)
			}
		}
		_ = in.Close() // it was only read
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(files) > 0 {
		if len(texts) == 0 {
			return nil, usagef("no text of 60 to 250 bytes in the files: expected JSON lines with a field text")
		}
		return texts, nil
	}
	chain, err := simulate.New(simulate.Options{Seed: 1, Days: 30, Locations: 20, Events: 8 * benchTexts, Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return nil, err
	}
	for e := range chain.Events {
		if usual(e.Text, leastSimulated) {
			if texts = append(texts, e.Text); len(texts) == benchTexts {
				break
			}
		}
	}
	return texts, nil
}

// prepare loads what reads the texts.
func (b *textBench) prepare(p *program, cmd *cobra.Command, tools analysisFlags, texts []string) error {
	began := processorTime()
	base, err := model.Base()
	if err != nil {
		return err
	}
	b.LoadMillis = float64((processorTime() - began).Microseconds()) / 1000
	analyzer, _, err := p.analyzer(cmd, tools)
	if err != nil {
		return err
	}
	b.Rules = len(analyzer.Taxonomy().Catalogue())
	tagger, err := topic.Load("general", nil)
	if err != nil {
		return err
	}
	overlay, err := lexicon.Load(tagger.Packs(), nil)
	if err != nil {
		return err
	}
	b.stages(base, overlay, analyzer, asLines(texts))
	return nil
}

func (b *textBench) stages(base *model.Model, overlay *lexicon.Overlay, analyzer *pipeline.TextAnalyzer, written [][]byte) {
	add := func(name string, read func(int, string)) {
		b.Stages = append(b.Stages, textStage{Name: name, read: read})
	}
	var exact vader.Scorer
	var doc sentiment.Doc
	var phrases lexicon.State
	var sentences []sentiment.Sentence
	var ends []int
	var parts []lexicon.Part
	scorer := model.NewScorer(base)
	add("vader-go", func(_ int, text string) { vader.ByVaderGo(text) })
	add("exact VADER", func(_ int, text string) { exact.Score(text) })
	add("words, clauses, language, VADER", func(_ int, text string) {
		doc.Scan(text)
		doc.Language()
	})
	add("the same, learned and sentence scores", func(_ int, text string) {
		doc.Scan(text)
		doc.Language()
		scorer.ScoreDoc(&doc)
		overlay.Score(&phrases, &doc)
		sentences, ends = doc.Sentences(sentences[:0]), ends[:0]
		for _, s := range sentences {
			ends = append(ends, s.End)
		}
		parts = phrases.Parts(parts[:0], ends)
	})
	event := pipeline.Event{Source: "review", OccurredAt: time.Date(2026, 7, 3, 19, 0, 0, 0, time.UTC)}
	var answer pipeline.Answer
	everything := pipeline.Question{Aspects: []string{"food", "service"}, Sentences: true}
	add("everything, topics and aspects too", func(_ int, text string) {
		event.Text = text
		analyzer.Answer(&answer, &event, everything)
	})
	lines := lineAnalyzer{analyzer: analyzer, memory: new(lineMemory)}
	var out []byte
	add("analyze, JSON in and out", func(i int, _ string) {
		out, _ = lines.appendLine(out[:0], line{number: i + 2, text: written[i]}, "-")
	})
}

// asLines are the texts in lines for analyze.
func asLines(texts []string) (lines [][]byte) {
	for _, text := range texts {
		line := appendText([]byte(`{"id":"r-1","source":"review","occurred_at":"2026-07-03T19:30:00+02:00","rating":2,"text":`), text)
		lines = append(lines, append(line, '}'))
	}
	return lines
}

func (b *textBench) run(texts []string) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var before, after runtime.MemStats
	for round := range benchTextRounds {
		for i := range b.Stages {
			s := &b.Stages[i]
			runtime.GC() // not at the next stage's cost
			runtime.ReadMemStats(&before)
			began := processorTime()
			for j, text := range texts {
				s.read(j, text)
			}
			took := processorTime() - began
			runtime.ReadMemStats(&after)
			if round == 0 || took < s.best {
				s.best = took
			}
			s.Allocs = float64(after.Mallocs-before.Mallocs) / float64(len(texts))
		}
	}
	for i := range b.Stages {
		s := &b.Stages[i]
		s.Micros = float64(s.best.Nanoseconds()) / 1000 / float64(len(texts))
		s.PerSecond = 1e6 / s.Micros
		s.TimesVader = float64(b.Stages[0].best) / float64(s.best)
	}
}

func (b *textBench) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, b)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s texts of %.0f bytes, %s rules, one processor (%s/%s); the model loads in %.0f ms\n\n",
		thousands(uint64(b.Texts)), b.Bytes, thousands(uint64(b.Rules)), runtime.GOOS, runtime.GOARCH, b.LoadMillis)
	fmt.Fprintf(&out, "%-40s%12s%10s%12s%14s\n", "", "texts/s", "µs", "x vader-go", "allocations")
	for _, s := range b.Stages {
		fmt.Fprintf(&out, "%-40s%12s%10.1f%12.1f%14.2f\n", s.Name, thousands(uint64(s.PerSecond)), s.Micros, s.TimesVader, s.Allocs)
	}
	fmt.Fprintf(&out, "\nanalyze: %s lines/s\n", thousands(uint64(b.Stages[len(b.Stages)-1].PerSecond)))
	_, err := io.WriteString(w, out.String())
	return err
}

// processorTime is what this process has used so far, user and system.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
