package deadletter

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"earshot/pipeline"
)

type publisherFunc func(context.Context, []pipeline.OutMessage) error

func (f publisherFunc) Send(ctx context.Context, msgs []pipeline.OutMessage) error {
	return f(ctx, msgs)
}

var _ Publisher = publisherFunc(nil)

func deadAt(offset int64, value string) pipeline.Record {
	r := pipeline.Record{Outcome: pipeline.OutcomeDead, Reject: &pipeline.Reject{Reason: pipeline.BadJSON, Detail: "no object"}}
	r.Topic, r.Partition, r.Offset, r.Span = "feedback.events", 3, offset, 1
	r.Key, r.Value = []byte("k"), []byte(value)
	r.Headers = []pipeline.Header{{Key: "from", Value: []byte("kcat")}}
	r.Time = time.Date(2026, 7, 3, 19, 30, 0, 5e6, time.FixedZone("", 7200))
	return r
}

func header(m pipeline.OutMessage, key string) string {
	for _, h := range m.Headers {
		if h.Key == key {
			return string(h.Value)
		}
	}
	return ""
}

func TestPublishKeepsTheOriginal(t *testing.T) {
	var sent []pipeline.OutMessage
	sink := New(publisherFunc(func(_ context.Context, msgs []pipeline.OutMessage) error {
		sent = append(sent, msgs...)
		return nil
	}))
	if err := sink.Publish(context.Background(), []pipeline.Record{deadAt(41, "\xff{")}); err != nil {
		t.Fatal(err)
	}
	m := sent[0]
	if string(m.Key) != "k" || string(m.Value) != "\xff{" {
		t.Errorf("key %q, value %q", m.Key, m.Value)
	}
	for key, want := range map[string]string{"from": "kcat", HeaderReason: "bad_json", HeaderDetail: "no object",
		HeaderTopic: "feedback.events", HeaderPartition: "3", HeaderOffset: "41", HeaderTime: "2026-07-03T17:30:00.005Z"} {
		if got := header(m, key); got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
}

func TestPublishDropsWhatTheTopicDoesNotTake(t *testing.T) {
	const limit = 100
	var sent []pipeline.OutMessage
	sink := New(publisherFunc(func(_ context.Context, msgs []pipeline.OutMessage) error {
		for i, m := range msgs {
			if len(m.Value) > limit {
				return &pipeline.TooLargeError{Index: i, Bytes: len(m.Value)}
			}
			sent = append(sent, m)
		}
		return nil
	}))
	long := string(bytes.Repeat([]byte("x"), limit+1))
	dead := []pipeline.Record{deadAt(1, "a"), deadAt(2, long), deadAt(3, "c"), deadAt(4, long)}
	if err := sink.Publish(context.Background(), dead); err != nil {
		t.Fatal(err)
	}
	if len(sent) != 4 {
		t.Fatalf("%d letters sent", len(sent))
	}
	for i, m := range sent {
		if got, want := header(m, HeaderOffset), []string{"1", "2", "3", "4"}[i]; got != want {
			t.Errorf("letter %d is of offset %s", i, got)
		}
		if truncated := header(m, HeaderTruncated) == "true"; truncated != (i%2 == 1) || truncated != (m.Value == nil) {
			t.Errorf("letter %d: truncated %v, value %q", i, truncated, m.Value)
		}
	}
}

func TestPublishFails(t *testing.T) {
	broken := errors.New("broken")
	sink := New(publisherFunc(func(context.Context, []pipeline.OutMessage) error { return broken }))
	if err := sink.Publish(context.Background(), []pipeline.Record{deadAt(1, "a")}); !errors.Is(err, broken) {
		t.Error(err)
	}
	// Even the bare letter does not fit: an error, not an endless loop.
	sink = New(publisherFunc(func(context.Context, []pipeline.OutMessage) error { return &pipeline.TooLargeError{} }))
	if err := sink.Publish(context.Background(), []pipeline.Record{deadAt(1, "a")}); err == nil {
		t.Error("accepted")
	}
}
