package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// answersNow is the clock of commands under test.
func answersNow() time.Time { return time.Date(2026, 7, 3, 12, 0, 0, 0, time.UTC) }

// answers is a database of its own, filled by a test and asked by commands.
type answers struct {
	t         *testing.T
	url       string
	partition int32     // where feedback is stored
	next      int64     // its next offset
	ingested  time.Time // when it is stored; zero: a minute before answersNow
	places    *pipeline.Places
}

func newAnswers(t *testing.T) *answers {
	t.Helper()
	engine := os.Getenv("EARSHOT_TEST_CLICKHOUSE")
	if engine == "" {
		t.Skip("EARSHOT_TEST_CLICKHOUSE is not set: no ClickHouse to test against")
	}
	database := fmt.Sprintf("answers_test_%d", time.Now().UnixNano())
	a := &answers{t: t, url: "clickhouse://default@" + engine + "/" + database}
	if err := clickhouse.Migrate(context.Background(), clickhouse.At(a.url), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.exec("DROP DATABASE " + database) })
	return a
}

func (a *answers) exec(sql string) {
	a.t.Helper()
	conn, err := clickhouse.Open(clickhouse.At(a.url))
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }() // it is of this one statement
	if err := conn.Exec(context.Background(), sql); err != nil {
		a.t.Fatal(err)
	}
}

// heard is one piece of feedback.
type heard struct {
	daysAgo  float64
	event    pipeline.Event
	analysis pipeline.Analysis
}

// store writes feedback at the next offsets.
func (a *answers) store(feedback ...heard) {
	a.t.Helper()
	records := make([]pipeline.Record, len(feedback))
	for i, f := range feedback {
		e := f.event
		e.OccurredAt = answersNow().Add(-time.Duration(f.daysAgo * float64(day)))
		if e.Source == "" {
			e.Source = "review"
		}
		if e.ID == "" {
			e.ID = fmt.Sprintf("e%d", a.next+int64(i))
		}
		records[i] = pipeline.Record{Outcome: pipeline.OutcomeEvent, Event: &e, Analysis: f.analysis}
	}
	a.write(records...)
}

func (a *answers) write(records ...pipeline.Record) {
	a.t.Helper()
	tp := pipeline.TopicPartition{Topic: "feedback.events", Partition: a.partition}
	for i := range records {
		r := &records[i]
		r.TopicPartition, r.Offset, r.Span, r.Time = tp, a.next, 1, answersNow()
		a.next++
	}
	conn, err := clickhouse.Open(clickhouse.At(a.url))
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }() // the writer's answer says whether all went well
	ingested := a.ingested
	if ingested.IsZero() {
		ingested = answersNow().Add(-time.Minute)
	}
	ctx := context.Background()
	w, err := clickhouse.NewWriter(ctx, conn, a.places)
	if err != nil {
		a.t.Fatal(err)
	}
	if err := w.Write(ctx, pipeline.Batch{TopicPartition: tp, Records: records, IngestedAt: ingested}); err != nil {
		a.t.Fatal(err)
	}
}

// run executes a command on the database.
func (a *answers) run(args ...string) (code int, stdout, stderr string) {
	a.t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, now: answersNow}
	code = p.run(a.t.Context(), append(args, "--data", a.t.TempDir(), "--clickhouse", a.url))
	return code, out.String(), errs.String()
}

// done is run for a command that must succeed; it returns what it printed.
func (a *answers) done(args ...string) string {
	a.t.Helper()
	code, stdout, stderr := a.run(args...)
	if code != exitDone {
		a.t.Fatalf("earshot %s: exit code %d\n%s%s", strings.Join(args, " "), code, stdout, stderr)
	}
	return stdout
}

func tone(label pipeline.Label, topics ...string) pipeline.Analysis {
	score := map[pipeline.Label]float64{pipeline.Positive: .6, pipeline.Negative: -.6}[label]
	a := pipeline.Analysis{Sentiment: pipeline.Sentiment{Label: label, Score: score}}
	for _, topic := range topics {
		a.Topics = append(a.Topics, pipeline.Mention{Topic: topic, Sentiment: label, Score: score})
		a.Tags = append(a.Tags, "about "+topic)
	}
	return a
}

func ptr[T any](v T) *T { return &v }
