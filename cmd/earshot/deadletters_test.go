package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

func TestDeadLetters(t *testing.T) {
	a := newAnswers(t)
	if got := a.done("deadletters", "list"); got != "No dead letters.\n" {
		t.Errorf("empty: %q", got)
	}
	const payload = "{\"text\":\"caf\xe9 \x1b[31m\u202e\",\n \"q\":\"\\u00e9\"}"
	dead := func(reason pipeline.Reason, value string) pipeline.Record {
		r := pipeline.Record{Outcome: pipeline.OutcomeDead, Reject: &pipeline.Reject{Reason: reason, Detail: "what is \x1b[1mwrong"}}
		r.Value, r.Headers = []byte(value), []pipeline.Header{{Key: "trace", Value: []byte("1\x1b[2J")}}
		return r
	}
	a.write(dead(pipeline.BadEncoding, payload), dead(pipeline.BadJSON, "{"))

	got := a.done("deadletters", "list")
	if !strings.Contains(got, "2026-07-03T11:59:00Z  feedback.events/0/0  bad_encoding     39            what is [1m…\n") || strings.Contains(got, "\x1b") {
		t.Errorf("list: %q", got)
	}
	var letters []clickhouse.DeadLetter
	if err := json.Unmarshal([]byte(a.done("deadletters", "list", "--reason", "bad_json", "--since", "1h", "--json")), &letters); err != nil ||
		len(letters) != 1 || letters[0].Offset != 1 || letters[0].Excerpt != "{" {
		t.Errorf("by reason: %+v, %v", letters, err)
	}
	if got := a.done("deadletters", "list", "--limit", "1"); !strings.Contains(got, "The newest 1; --limit shows more.") {
		t.Errorf("limited: %s", got)
	}
	if got := a.done("deadletters", "list", "--until", "1d", "--format", "csv"); got != "stored_at,position,reason,bytes,replayed,detail\r\n" {
		t.Errorf("csv of none: %q", got)
	}

	if got := a.done("deadletters", "show", "feedback.events/0/0", "--raw"); got != payload {
		t.Errorf("raw: %q", got)
	}
	got = a.done("deadletters", "show", "feedback.events/0/0")
	want := `position  feedback.events/0/0
reason    bad_encoding: what is [1mwrong
sent      2026-07-03T12:00:00Z
stored    2026-07-03T11:59:00Z
header    trace: 1 [2J
message   39 bytes

{"text":"caf\xe9 \x1b[31m\u202e",
 "q":"\u00e9"}
`
	if got != want {
		t.Errorf("show: got\n%s\nwant\n%s", got, want)
	}
	var letter clickhouse.DeadLetterPayload
	if err := json.Unmarshal([]byte(a.done("deadletters", "show", "feedback.events/0/0", "--json")), &letter); err != nil || string(letter.Payload) != payload {
		t.Errorf("json: %+v, %v", letter, err)
	}
	if code, _, stderr := a.run("deadletters", "show", "feedback.events/0/7"); code != exitFailed || !strings.Contains(stderr, "deadletters list") {
		t.Errorf("none there: %d %q", code, stderr)
	}
}

// The rows of two replays mark the dead letters they repeat.
func TestDeadLettersSayWhatBecameOfReplays(t *testing.T) {
	a := newAnswers(t)
	dead := func(of string) pipeline.Record {
		r := pipeline.Record{Outcome: pipeline.OutcomeDead, Reject: &pipeline.Reject{Reason: pipeline.BadTime, Detail: "ahead"}}
		r.Key, r.Value = []byte("k"), []byte("{}")
		if of != "" {
			r.Headers = []pipeline.Header{{Key: "trace", Value: []byte("1")}, {Key: pipeline.HeaderReplayOf, Value: []byte(of)}}
		}
		return r
	}
	event := pipeline.Record{Outcome: pipeline.OutcomeEvent, Event: &pipeline.Event{ID: "mended", Source: "review", OccurredAt: answersNow()}}
	event.Headers = []pipeline.Header{{Key: pipeline.HeaderReplayOf, Value: []byte("feedback.events/0/3")}}
	// 0 stays open, 1 fails again as 3, which is an event in the end; 2 is replayed twice by 5 and 6.
	a.write(dead(""), dead(""), dead(""), dead("feedback.events/0/1"), event, dead("feedback.events/0/2"), dead("feedback.events/0/2"))

	for flag, want := range map[string][]int64{"--open": {6, 5, 0}, "--replayed": {3, 2, 1}} {
		var letters []clickhouse.DeadLetter
		if err := json.Unmarshal([]byte(a.done("deadletters", "list", flag, "--json")), &letters); err != nil {
			t.Fatal(err)
		}
		var offsets []int64
		for _, l := range letters {
			offsets = append(offsets, l.Offset)
			if (flag == "--open") != (l.ReplayedAt == nil) {
				t.Errorf("%s: %d replayed at %v", flag, l.Offset, l.ReplayedAt)
			}
		}
		if !slices.Equal(offsets, want) {
			t.Errorf("%s: offsets %v, want %v", flag, offsets, want)
		}
	}
	csv := a.done("deadletters", "list", "--replayed", "--format", "csv")
	for _, want := range []string{"event at feedback.events/0/4", "dead again, bad_time at feedback.events/0/3", "dead again, bad_time at feedback.events/0/6"} {
		if !strings.Contains(csv, want) {
			t.Errorf("no %q in\n%s", want, csv)
		}
	}
	if got := a.done("deadletters", "show", "feedback.events/0/1"); !strings.Contains(got, "as feedback.events/0/3: dead again, bad_time: ahead\n") || !strings.Contains(got, "key       k\n") {
		t.Errorf("the first: %s", got)
	}
	got := a.done("deadletters", "show", "feedback.events/0/3")
	if !strings.Contains(got, "replay of feedback.events/0/1\n") || !strings.Contains(got, "as feedback.events/0/4: event mended\n") {
		t.Errorf("the second: %s", got)
	}
}

func TestReplayFlagsAreChecked(t *testing.T) {
	a := newAnswers(t)
	for _, args := range [][]string{
		{"--offset", "3"}, {"--partition", "-2"}, {"--partition", "0", "--offset", "-3"}, {"--limit", "-1"}, {"--rate", "x"},
		{"feedback.events/0"}, {"feedback.events/0/1", "--partition", "0"}, {"a", "b"}, {"--since", "soon"},
	} {
		if code, _, stderr := a.run(append([]string{"deadletters", "replay"}, args...)...); code != exitUsage || stderr == "" {
			t.Errorf("%v: exit code %d, %q", args, code, stderr)
		}
	}
}
