package pipeline

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPathIsReadBackAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Position{TopicPartition{
			Topic:     rapid.StringMatching(`[a-zA-Z0-9._-]{1,249}`).Draw(t, "topic"),
			Partition: rapid.Int32Min(0).Draw(t, "partition"),
		}, rapid.Int64Min(0).Draw(t, "offset")}
		if got, ok := ParsePath(p.Path()); !ok || got != p {
			t.Fatalf("%s is read as %v, %v", p.Path(), got, ok)
		}
	})
	for _, s := range []string{"", "t", "t/0", "/0/0", "t/0/0/0", "t/-1/0", "t/0/-1", "t/+1/0", "t/01/0", "t/0/ 1", "t/2147483648/0",
		"t/0/9223372036854775808", "t t/0/0", "t\x00/0/0", "ü/0/0", "t/0/0\n", "t/0x1/0", "t/1_0/0"} {
		if p, ok := ParsePath(s); ok {
			t.Errorf("%q is read as %v", s, p)
		}
	}
}

func TestReplayKeepsTheMessageAndNamesIt(t *testing.T) {
	m := Message{Key: []byte("k"), Value: []byte("\xff{"), Headers: []Header{
		{Key: "a", Value: []byte("1")}, {Key: HeaderReplayOf, Value: []byte("feedback.events/0/3")}, {Key: "a", Value: []byte("2")}}}
	m.Topic, m.Partition, m.Offset = "feedback.events", 1, 20
	out := Replay(m)
	want := []Header{{Key: "a", Value: []byte("1")}, {Key: "a", Value: []byte("2")}, {Key: HeaderReplayOf, Value: []byte("feedback.events/1/20")}}
	same := func(a, b Header) bool { return a.Key == b.Key && bytes.Equal(a.Value, b.Value) }
	if string(out.Key) != "k" || string(out.Value) != "\xff{" || !slices.EqualFunc(out.Headers, want, same) {
		t.Errorf("sent %q %q %q", out.Key, out.Value, out.Headers)
	}
	if got := ReplayOf(out.Headers); got != "feedback.events/1/20" {
		t.Errorf("a replay of %q", got)
	}
}

func TestReplayOf(t *testing.T) {
	header := func(values ...string) (out []Header) {
		for _, v := range values {
			out = append(out, Header{Key: HeaderReplayOf, Value: []byte(v)})
		}
		return out
	}
	for _, c := range []struct {
		headers []Header
		want    string
	}{
		{nil, ""},
		{[]Header{{Key: "other", Value: []byte("t/0/1")}}, ""},
		{header("t/0/1"), "t/0/1"},
		{header("t/0/1", "t/0/2"), "t/0/2"},
		{header("t/0/1", "broken"), ""},
		{header(""), ""},
	} {
		if got := ReplayOf(c.headers); got != c.want {
			t.Errorf("%q is a replay of %q, want %q", c.headers, got, c.want)
		}
	}
}

// A payload without an id has the same one each time, replayed or not, so that
// it is stored once.
func TestReplayDerivesTheSameID(t *testing.T) {
	now := time.Date(2026, 7, 4, 0, 0, 0, 0, time.UTC)
	m := Message{Value: []byte(`{"source":"review","occurred_at":"2026-07-03T19:30:00Z","text":"fine"}`)}
	m.Topic = "feedback.events"
	first, reject := Decode(m, now)
	if reject != nil {
		t.Fatal(reject)
	}
	again := Replay(m)
	second, reject := Decode(Message{Key: again.Key, Value: again.Value, Headers: again.Headers}, now.Add(time.Hour))
	if reject != nil || first.ID != second.ID {
		t.Errorf("first %s, replayed %v, %v", first.ID, second, reject)
	}
}

func FuzzReplayOf(f *testing.F) {
	for _, s := range []string{"", "feedback.events/0/1", "t/01/2", "//", "t/0/9223372036854775808", "\xff/0/0"} {
		f.Add(HeaderReplayOf, []byte(s))
	}
	f.Fuzz(func(t *testing.T, key string, value []byte) {
		got := ReplayOf([]Header{{Key: key, Value: value}})
		if got == "" {
			return
		}
		if p, ok := ParsePath(got); !ok || p.Path() != string(value) || key != HeaderReplayOf {
			t.Errorf("%q: %q is a replay of %q", key, value, got)
		}
	})
}
