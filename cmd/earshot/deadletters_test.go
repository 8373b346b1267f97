package main

import (
	"encoding/json"
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
	if !strings.Contains(got, "2026-07-03T11:59:00Z  feedback.events/0/0  bad_encoding     39  what is [1mwrong\n") || strings.Contains(got, "\x1b") {
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
	if got := a.done("deadletters", "list", "--until", "1d", "--format", "csv"); got != "stored_at,position,reason,bytes,detail\r\n" {
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
