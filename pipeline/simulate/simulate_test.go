package simulate

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"earshot/pipeline"
)

var start = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func newChain(t testing.TB, o Options) *Chain {
	t.Helper()
	if o.Start.IsZero() {
		o.Start = start
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func encoded(t testing.TB, c *Chain) []byte {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for e := range c.Events {
		if err := enc.Encode(e); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func TestSameSeedSameBytes(t *testing.T) {
	o := Options{Seed: 3, Events: 3000, Days: 40, Locations: 12}
	chain := newChain(t, o)
	first := encoded(t, chain)
	if !bytes.Equal(first, encoded(t, chain)) {
		t.Error("second pass over the same chain differs")
	}
	if !bytes.Equal(first, encoded(t, newChain(t, o))) {
		t.Error("chain of the same options differs")
	}
	o.Seed++
	if bytes.Equal(first, encoded(t, newChain(t, o))) {
		t.Error("another seed gives the same events")
	}
}

func TestEveryEventDecodes(t *testing.T) {
	chain := newChain(t, Options{Seed: 5, Events: 12_000})
	truth := chain.Truth()
	for e := range chain.Events {
		value, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		got, reject := pipeline.Decode(pipeline.Message{Value: value}, truth.End)
		if reject != nil {
			t.Fatalf("%v: %s", reject, value)
		}
		if got.ID != e.ID || got.Text != e.Text || len(got.Turns) != len(e.Turns) {
			t.Fatalf("decoded %+v from %s", got, value)
		}
	}
}

// The truth must agree with a count over the events themselves, for any size.
func TestTruthCountsItsEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{
			Seed: rapid.Uint64().Draw(t, "seed"), Days: rapid.IntRange(1, 60).Draw(t, "days"), Start: start,
			Locations: rapid.IntRange(1, 50).Draw(t, "locations"), Events: rapid.IntRange(1, 1500).Draw(t, "events"),
		}
		chain, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		ids, sources, messages := map[string]int{}, map[string]int{}, 0
		for e := range chain.Events {
			messages++
			if ids[e.ID]++; ids[e.ID] == 1 {
				sources[e.Source]++
			}
			if e.OccurredAt.Before(chain.opts.Start) || !e.OccurredAt.Before(chain.end()) {
				t.Fatalf("%s occurred at %v, outside the simulated time", e.ID, e.OccurredAt)
			}
		}
		truth := chain.Truth()
		if messages != o.Events || truth.Messages != messages || truth.Events != len(ids) || truth.Duplicate != messages-len(ids) {
			t.Fatalf("%d messages with %d ids, truth says %d, %d and %d duplicates", messages, len(ids), truth.Messages, truth.Events, truth.Duplicate)
		}
		for source, n := range sources {
			if truth.Sources[source] != n {
				t.Fatalf("%d %s events, truth says %d", n, source, truth.Sources[source])
			}
		}
	})
}

func TestEventsStopWhenTold(t *testing.T) {
	chain := newChain(t, Options{Events: 1000})
	n := 0
	for range chain.Events {
		if n++; n == 10 {
			break
		}
	}
	if truth := chain.Truth(); truth.Messages != 1000 {
		t.Errorf("after a broken pass the truth counts %d messages of 1000", truth.Messages)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, o := range map[string]Options{
		"days": {Days: -1, Start: start}, "locations": {Locations: 20_000, Start: start}, "events": {Events: -5, Start: start}, "start": {},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: %+v accepted", name, o)
		}
	}
}

func BenchmarkEvents(b *testing.B) {
	chain := newChain(b, Options{Events: b.N})
	b.ReportAllocs()
	b.ResetTimer()
	for range chain.Events {
	}
}

// Some arrive late and some twice, and none before it has happened.
func TestArrivalsAreInOrder(t *testing.T) {
	chain := newChain(t, Options{Seed: 2, Events: 8000})
	var last time.Time
	seen := map[string]bool{}
	chain.live(func(m *message) bool {
		if m.arrival.Before(last) || m.arrival.Before(m.event.OccurredAt) {
			t.Fatalf("%s of %v arrives at %v, after one of %v", m.event.ID, m.event.OccurredAt, m.arrival, last)
		}
		if seen[m.event.ID] != m.duplicate {
			t.Fatalf("%s: seen before %v, duplicate %v", m.event.ID, seen[m.event.ID], m.duplicate)
		}
		last, seen[m.event.ID] = m.arrival, true
		return true
	})
	if truth := chain.Truth(); truth.Late < 80 || truth.Duplicate < 20 || truth.Anonymous < 400 {
		t.Errorf("%d late, %d duplicates, %d anonymous of 8000", truth.Late, truth.Duplicate, truth.Anonymous)
	}
}
