package e2e

import (
	"fmt"
	"maps"
	"strings"
	"syscall"
	"testing"
	"time"

	"earshot/internal/hostile"
	"earshot/pipeline"
)

// Every message of the corpus becomes what it should, and the worker lives on.
func TestHostileMessages(t *testing.T) {
	needEngine(t)
	in := newInstall(t)
	up := in.up()
	want, dead := map[string]int{}, map[string]int{}
	producer := up.producer()
	for _, h := range hostile.Messages(time.Now()) {
		m := pipeline.OutMessage{Key: []byte(h.Name), Value: []byte(h.Value)}
		for _, header := range h.Headers {
			m.Headers = append(m.Headers, pipeline.Header{Key: header[0], Value: []byte(header[1])})
		}
		if err := producer.Send(t.Context(), []pipeline.OutMessage{m}); err != nil {
			t.Fatalf("%s: %v", h.Name, err)
		}
		if h.Outcome == hostile.Event {
			want["stored"]++ // some are equal and so duplicates
		} else {
			want["dead"]++
			dead[h.Outcome]++
		}
	}
	up.drained(120 * time.Second)
	got := up.outcomes()
	if got["event"]+got["duplicate"] != want["stored"] || got["dead"] != want["dead"] {
		t.Errorf("outcomes %v, want %v", got, want)
	}
	if reasons := up.reasons(); !maps.Equal(reasons, dead) {
		t.Errorf("dead letters %v, want %v", reasons, dead)
	}
	in.must("deadletters", "list")
	in.must("deadletters", "replay", "--dry-run")
	in.must("audit")
}

// reasons counts the dead letters by reason.
func (u *running) reasons() map[string]int {
	u.in.t.Helper()
	out := map[string]int{}
	for _, line := range u.query("SELECT count(), reason FROM dead_letters GROUP BY reason") {
		var n int
		var reason string
		if _, err := fmt.Sscan(line, &n, &reason); err != nil {
			u.in.t.Fatalf("%q: %v", line, err)
		}
		out[reason] = n
	}
	return out
}

// replayAnswer is what `deadletters replay --json` says.
type replayAnswer struct {
	Selected       int            `json:"selected"`
	ReplayedBefore int            `json:"replayed_before"`
	UnderWay       int            `json:"under_way"`
	Sent           int            `json:"sent"`
	Outcomes       map[string]int `json:"outcomes"`
	NotStoredYet   int            `json:"not_stored_yet"`
}

// replayRig has events that the table refuses, for a cause that can be mended.
type replayRig struct {
	*running
	in *install
}

const refusedEvents, brokenEvents = 12, 3

func newReplayRig(t *testing.T) replayRig {
	t.Helper()
	needEngine(t)
	in := newInstall(t)
	r := replayRig{running: in.up(), in: in}
	r.query("ALTER TABLE records ADD CONSTRAINT no_sms CHECK source != 'sms'")
	now := time.Now().UTC().Format(time.RFC3339)
	var messages []pipeline.OutMessage
	add := func(key, value string) {
		messages = append(messages, pipeline.OutMessage{Key: []byte(key), Value: []byte(value), Headers: []pipeline.Header{
			{Key: "trace", Value: []byte("one")}, {Key: "trace", Value: []byte("two")}}})
	}
	for i := range refusedEvents {
		id := fmt.Sprintf(`"id":"sms-%d",`, i)
		if i%2 == 0 {
			id = "" // derived
		}
		add(fmt.Sprint(i), fmt.Sprintf(`{%s"source":"sms","occurred_at":%q,"text":"number %d"}`, id, now, i))
	}
	for i := range brokenEvents {
		add("broken", fmt.Sprintf(`{"number": %d`, i))
	}
	if err := r.producer().Send(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
	r.drained(120 * time.Second)
	if got, want := r.reasons(), map[string]int{"refused": refusedEvents, "bad_json": brokenEvents}; !maps.Equal(got, want) {
		t.Fatalf("dead letters %v, want %v", got, want)
	}
	return r
}

func (r replayRig) mend() { r.query("ALTER TABLE records DROP CONSTRAINT no_sms") }

func (r replayRig) replay(args ...string) replayAnswer {
	r.in.t.Helper()
	return decode[replayAnswer](r.in.t, r.in.must(append([]string{"deadletters", "replay", "--json"}, args...)...))
}

// checkStoredOnce holds once all refused events were replayed, however often.
func (r replayRig) checkStoredOnce() {
	t := r.in.t
	t.Helper()
	r.drained(60 * time.Second)
	if n := r.number("SELECT uniqExact(event_id) FROM feedback"); n != refusedEvents || r.outcomes()["event"] != refusedEvents {
		t.Errorf("%d ids in outcomes %v, want each of %d events once", n, r.outcomes(), refusedEvents)
	}
	if n := r.number("SELECT uniqExact(replay_of) FROM replays WHERE outcome != 'dead'"); n != refusedEvents {
		t.Errorf("%d letters are marked as replayed, want %d", n, refusedEvents)
	}
	if again := r.replay("--reason", "refused"); again.Sent != 0 || again.ReplayedBefore != refusedEvents {
		t.Errorf("repeated: %+v", again)
	}
	r.in.must("audit")
}

func TestReplayOfDeadLetters(t *testing.T) {
	r := newReplayRig(t)
	preview := decode[struct {
		WouldSend int            `json:"would_send"`
		Now       map[string]int `json:"now"`
	}](t, r.in.must("deadletters", "replay", "--dry-run", "--json"))
	if preview.WouldSend != refusedEvents+brokenEvents || preview.Now["event"] != refusedEvents || preview.Now["bad_json"] != brokenEvents {
		t.Errorf("dry run: %+v", preview)
	}
	r.mend()
	if got := r.replay("--reason", "refused", "--limit", "3"); got.Sent != 3 || got.Outcomes["event"] != 3 {
		t.Errorf("three: %+v", got)
	}
	if got := r.replay("--passing"); got.Sent != refusedEvents-3 || got.Outcomes["event"] != got.Sent {
		t.Errorf("those that pass: %+v", got)
	}
	r.checkStoredOnce()

	// What fails again is a new dead letter, linked to the first, with its headers.
	if got := r.replay(); got.Sent != brokenEvents || got.Outcomes["dead"] != brokenEvents {
		t.Errorf("broken: %+v", got)
	}
	if n := r.number("SELECT count() FROM dead_letters WHERE replay_of != '' AND message_key = 'broken' AND mapKeys(headers) = ['trace', 'trace', 'earshot-replay-of']"); n != brokenEvents {
		t.Errorf("%d of %d linked to the first, with key and headers", n, brokenEvents)
	}
	for flag, want := range map[string]int{"--open": brokenEvents, "--replayed": refusedEvents + brokenEvents} {
		if n := len(decode[[]any](t, r.in.must("deadletters", "list", flag, "--json"))); n != want {
			t.Errorf("list %s has %d, want %d", flag, n, want)
		}
	}
	if got := r.replay("--reason", "refused", "--again"); got.Sent != refusedEvents || got.Outcomes["duplicate"] != refusedEvents {
		t.Errorf("again: %+v", got)
	}
	r.checkStoredOnce()
}

func TestReplayKilledAndRepeated(t *testing.T) {
	r := newReplayRig(t)
	r.mend()
	killed := r.in.command("deadletters", "replay", "--reason", "refused", "--rate", "3/s")
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, 60*time.Second, "first replays", func() bool { return r.number("SELECT count() FROM replays") >= 3 })
	if err := killed.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := killed.Wait(); err == nil {
		t.Error("the replay ended before it was killed")
	}
	got := r.replay("--reason", "refused")
	if got.Selected != refusedEvents || got.ReplayedBefore < 3 || got.ReplayedBefore+got.UnderWay+got.Sent != refusedEvents {
		t.Errorf("repeated: %+v", got)
	}
	r.checkStoredOnce()
}

func TestReplaysAtOnce(t *testing.T) {
	r := newReplayRig(t)
	r.mend()
	var outs [2]strings.Builder
	first := r.in.command("deadletters", "replay", "--reason", "refused", "--rate", "6/s")
	second := r.in.command("deadletters", "replay", "--reason", "refused", "--rate", "6/s")
	first.Stderr, second.Stderr = &outs[0], &outs[1]
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	if err := second.Start(); err != nil {
		t.Fatal(err)
	}
	if err1, err2 := first.Wait(), second.Wait(); err1 != nil || err2 != nil {
		t.Fatalf("%v %s, %v %s", err1, &outs[0], err2, &outs[1])
	}
	r.checkStoredOnce()
}
