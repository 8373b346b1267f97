package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"earshot/internal/telemetry"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
)

// run executes a command on the rig's servers.
func (r *workerRig) run(args ...string) (code int, stdout, stderr string) {
	r.t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, now: time.Now}
	code = p.run(r.t.Context(), append(args, "--kafka", r.cfg.Kafka.Brokers[0], "--clickhouse", r.cfg.ClickHouse.URL))
	return code, out.String(), errs.String()
}

// TestResetAfterTopicIsMadeAnew goes the way of an operator: the worker stops, the
// reset archives the old rows, and the worker reads the new log.
func TestResetAfterTopicIsMadeAnew(t *testing.T) {
	rig := newWorkerRig(t)
	run := rig.run
	work := func(offsets int64) {
		t.Helper()
		stop := rig.start(rig.cfg, telemetry.New())
		defer stop()
		rig.await("SELECT sum(span) FROM records", offsets)
	}
	rig.produce(testEvents(0, 200)...)
	work(200)
	if code, out, errs := run("position", "show"); code != exitDone || strings.Count(out, " ok\n") != 4 {
		t.Fatalf("at first: %d\n%s%s", code, out, errs)
	}
	if code, _, errs := run("position", "reset", "--archive", "before", "--yes"); code != exitFailed || !strings.Contains(errs, "nothing to reset") {
		t.Errorf("needless: %d %s", code, errs)
	}

	rig.cfg.Kafka.Brokers = []string{startKafka(t)}
	if err := kafka.EnsureTopics(t.Context(), rig.cfg.Kafka.Cluster(), topicSpecs(rig.cfg)); err != nil {
		t.Fatal(err)
	}
	rig.produce(testEvents(190, 50)...) // 10 of them are stored
	var wrong *pipeline.PositionError
	if err := runWorkers(t.Context(), rig.cfg, 1, telemetry.New(), slog.New(slog.DiscardHandler)); !errors.As(err, &wrong) ||
		!strings.Contains(err.Error(), "earshot position reset") {
		t.Fatalf("the worker goes on: %v", err)
	}
	code, out, _ := run("position", "show", "--json")
	var shown []standing
	if err := json.Unmarshal([]byte(out), &shown); err != nil || code != exitCheckFailed || !slices.ContainsFunc(shown, func(s standing) bool { return s.State == positionBeyond }) {
		t.Errorf("%d %v %s", code, err, out)
	}
	if code, out, _ := run("position", "reset", "--archive", "before", "--dry-run"); code != exitDone || strings.Count(out, "as before, then read the log from offset 0") != 4 {
		t.Errorf("dry run: %d %s", code, out)
	}
	if code, _, errs := run("position", "reset", "--archive", "before"); code != exitUsage || !strings.Contains(errs, "--yes") {
		t.Errorf("nobody to ask: %d %s", code, errs)
	}
	if n := rig.number("SELECT count() FROM records WHERE kafka_topic = 'before'"); n != 0 {
		t.Errorf("%d rows are archived without a yes", n)
	}
	if code, out, errs := run("position", "reset", "--archive", "before", "--yes"); code != exitDone || !strings.HasSuffix(out, "checks the result.\n") {
		t.Fatalf("reset: %d\n%s%s", code, out, errs)
	}
	work(250)
	if n := rig.number("SELECT count() FROM feedback"); n != 240 {
		t.Errorf("%d events, want 240", n)
	}
	if code, out, errs := run("audit"); code != exitDone || !strings.Contains(out, "and no event id twice") {
		t.Errorf("audit: %d\n%s%s", code, out, errs)
	}
	if code, out, _ := run("position", "show"); code != exitDone || strings.Count(out, " ok\n") != 4 {
		t.Errorf("at the end: %d\n%s", code, out)
	}
}

func TestResetIsCareful(t *testing.T) {
	for _, args := range [][]string{
		{}, {"--archive", "a", "--accept-loss"}, {"--archive", "two words"}, {"--archive", "feedback.events"},
	} {
		p := &program{stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}, now: time.Now}
		if code := p.run(context.Background(), append([]string{"position", "reset"}, args...)); code != exitUsage {
			t.Errorf("%v: exit %d", args, code)
		}
	}
}

func TestResetChoosesPartitions(t *testing.T) {
	at := func(number int32, next int64, state positionState) standing {
		s := standing{Topic: "t", Partition: number, KafkaFirst: 7, KafkaEnd: 9, State: state}
		if next >= 0 {
			s.Next = &next
		}
		return s
	}
	sound := []standing{at(0, 8, positionOK), at(1, 9, positionOK)}
	mixed := []standing{at(0, 8, positionOK), at(1, 5, positionBehind), at(2, 20, positionBeyond), at(3, -1, positionOK)}
	for _, c := range []struct {
		name string
		o    resetOptions
		of   []standing
		want []int32 // nil: refused
	}{
		{"nothing to archive", resetOptions{archive: "a"}, sound, nil},
		{"archive one nevertheless", resetOptions{archive: "a", partitions: []int32{1}}, sound, []int32{1}},
		{"nothing lost", resetOptions{acceptLoss: true}, sound, nil},
		{"archive the whole topic", resetOptions{archive: "a"}, mixed, []int32{0, 1, 2}},
		{"lost offsets", resetOptions{acceptLoss: true}, mixed, []int32{1}},
		{"no such partition", resetOptions{archive: "a", partitions: []int32{9}}, mixed, nil},
		{"nothing stored of it", resetOptions{archive: "a", partitions: []int32{3}}, mixed, nil},
	} {
		picked, err := c.o.choose(c.of)
		var got []int32
		for _, s := range picked {
			got = append(got, s.Partition)
		}
		if !slices.Equal(got, c.want) || (err != nil) != (c.want == nil) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
	if got, want := (resetOptions{acceptLoss: true}).plan(mixed[1]), "t/1: record offsets 5 to 6 as lost"; got != want {
		t.Errorf("%s", got)
	}
}
