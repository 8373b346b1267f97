package soak

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"earshot/pipeline"
)

func testFeed(seed uint64, count int) *feed {
	return &feed{Seed: seed, Count: count, Distance: 1000, Began: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)}
}

// Every message is for the pipeline what its role says.
func TestMessagesAreWhatTheyAreMeantToBe(t *testing.T) {
	f := testFeed(7, 40_000)
	seen := map[kind]int{}
	reasons := map[string]int{}
	for i := range f.Count {
		k, of := f.role(i)
		seen[k]++
		m := f.message(i)
		event, reject := pipeline.Decode(pipeline.Message{Key: m.Key, Value: m.Value, Span: 1}, f.Began)
		if k == bad {
			reasons[m.Reason]++
			if len(m.Value) > pipeline.MaxMessageBytes != (m.Reason == "too_large") {
				t.Fatalf("message %d is %d bytes, reason %s", i, len(m.Value), m.Reason)
			}
			if m.Reason != "too_large" && (reject == nil || string(reject.Reason) != m.Reason) {
				t.Fatalf("message %d: %v, want %s: %s", i, reject, m.Reason, m.Value)
			}
			continue
		}
		if reject != nil || event.ID != f.id(of) {
			t.Fatalf("message %d of role %d carries %v, %v; want %s", i, k, event, reject, f.id(of))
		}
	}
	if seen[repeat] < f.Count/100 || seen[reimport] < f.Count/250 || seen[bad] < f.Count/400 || len(reasons) < 8 {
		t.Errorf("roles %v, reasons %v: too few to prove anything", seen, reasons)
	}
}

func TestRoles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := testFeed(rapid.Uint64().Draw(t, "seed"), 1<<20)
		i := rapid.IntRange(0, f.Count-1).Draw(t, "message")
		k, of := f.role(i)
		first, itself := f.role(of)
		switch {
		case k == fresh || k == bad:
			if of != i {
				t.Fatalf("message %d of role %d is of %d", i, k, of)
			}
		case first != fresh || itself != of:
			t.Fatalf("message %d repeats %d, which is no first", i, of)
		case k == repeat && (i-of > repeatReach || !bytes.Equal(f.message(i).Key, f.message(of).Key)):
			t.Fatalf("message %d repeats %d too far away or under another key", i, of)
		case k == reimport && i-of <= f.Distance:
			t.Fatalf("message %d is a reimport of %d, which may not be stored yet", i, of)
		}
	})
}

func TestIndexRoundTrip(t *testing.T) {
	for _, i := range []int{0, 1, 4_999_999, 1 << 40} {
		if got, ok := decodeIndex(encodeIndex(i)); !ok || got != i {
			t.Errorf("%d: %d, %v", i, got, ok)
		}
	}
	if _, ok := decodeIndex([]byte("short")); ok {
		t.Error("read a message of somebody else")
	}
}
