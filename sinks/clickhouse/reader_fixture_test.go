package clickhouse

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline"
)

// fixtureStart is the day the random feedback begins.
func fixtureStart() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) }

const fixtureDays = 12

// words are texts that a careless search would take for patterns or escapes.
func words() []string {
	return []string{"100% slow", "a_b", `back\slash`, "it's", `say "hi"`, "Größe ÉCLAIR", "tab\there", "line\nbreak", "{x:String}", "日本語", ""}
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func maybe[T any](rng *rand.Rand, share float64, value T) *T {
	if rng.Float64() >= share {
		return nil
	}
	return &value
}

func oneOf[T any](rng *rand.Rand, from ...T) T { return from[rng.IntN(len(from))] }

// randomRecords makes n records of two partitions, every tenth no event.
func randomRecords(rng *rand.Rand, n int) []pipeline.Record {
	records := make([]pipeline.Record, n)
	for i := range records {
		r := &records[i]
		r.Topic, r.Partition, r.Offset, r.Span = "feedback.events", int32(i%2), int64(i/2), 1
		at := fixtureStart().Add(time.Duration(rng.Int64N(int64(fixtureDays * 24 * time.Hour)))).Truncate(time.Millisecond)
		if i%7 == 0 { // two days stay empty
			at = at.Truncate(48 * time.Hour)
		}
		r.Time = at
		switch {
		case i%10 == 9 && i%20 == 9:
			r.Outcome, r.Reject, r.Value = pipeline.OutcomeDead, &pipeline.Reject{Reason: pipeline.BadTime, Detail: "d"}, []byte{0xff, 0, '{'}
		case i%10 == 9:
			r.Outcome, r.Event = pipeline.OutcomeDuplicate, records[0].Event
		default:
			r.Outcome, r.Event = pipeline.OutcomeEvent, randomEvent(rng, i, at)
			r.Analysis = randomAnalysis(rng)
		}
	}
	return records
}

func randomEvent(rng *rand.Rand, i int, at time.Time) *pipeline.Event {
	e := &pipeline.Event{
		ID: fmt.Sprintf("e%05d", i), OccurredAt: at,
		Source: oneOf(rng, "survey", "review", "chat"), Platform: oneOf(rng, "", "google", "zendesk"),
		Text: oneOf(rng, words()...), Title: oneOf(rng, "", "", "Title 100%"),
		Location: oneOf(rng, "", "store-1", "store-2", "it's"), Product: oneOf(rng, "", "p1", "p2"),
		Team: oneOf(rng, "", "t1"), Agent: oneOf(rng, "", "a1", "a2"),
		Rating: maybe(rng, .4, float64(rng.IntN(9))/2+1),
	}
	e.Survey = maybe(rng, .5, pipeline.Survey{
		CSAT: maybe(rng, .6, rng.IntN(5)+1), NPS: maybe(rng, .6, rng.IntN(11)), CES: maybe(rng, .4, rng.IntN(7)+1),
	})
	e.Customer = maybe(rng, .7, pipeline.Customer{
		ID: oneOf(rng, "", "c1", "c2", "c3", "c4"), Name: oneOf(rng, "", "Ann", "Ben"),
		Email: oneOf(rng, "", "", "a@x.example", "A@x.example", "b@x.example"), Phone: oneOf(rng, "", "+49 30 1"),
		Segment: oneOf(rng, "", "vip"), Value: maybe(rng, .3, float64(rng.IntN(900))),
	})
	e.Contact = maybe(rng, .6, randomContact(rng, at))
	if rng.Float64() < .2 {
		e.Turns = []pipeline.Turn{{Role: "agent", Text: "we say 100%"}, {Role: "customer", Text: oneOf(rng, words()...)}, {Role: "customer", Text: "bye"}}
	}
	return e
}

func randomContact(rng *rand.Rand, at time.Time) pipeline.Contact {
	near := func() time.Time { return at.Add(time.Duration(rng.IntN(200)-60) * time.Hour / 2) }
	return pipeline.Contact{
		ThreadID: oneOf(rng, "", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"), Direction: oneOf(rng, "", "inbound", "inbound", "outbound"),
		OpenedAt: maybe(rng, .7, near()), FirstResponseAt: maybe(rng, .3, near()),
		ResolvedAt: maybe(rng, .15, near()), Resolved: maybe(rng, .3, rng.IntN(2) == 0),
	}
}

func randomAnalysis(rng *rand.Rand) pipeline.Analysis {
	labels := []pipeline.Label{pipeline.Positive, pipeline.Neutral, pipeline.Negative, pipeline.Unknown}
	a := pipeline.Analysis{Language: oneOf(rng, "en", "de"), Model: "m1"}
	a.Sentiment = pipeline.Sentiment{Label: oneOf(rng, labels...), Score: float64(rng.IntN(9)-4) / 4, Confidence: .5}
	for range rng.IntN(4) {
		a.Topics = append(a.Topics, pipeline.Mention{
			Topic:     oneOf(rng, "service", "service.speed", "service.staff", "services", "food.taste"),
			Sentiment: oneOf(rng, labels[:3]...), Score: float64(rng.IntN(9)-4) / 4, Start: rng.IntN(9), End: 9,
		})
	}
	for _, tag := range []string{"slow service", "cold food"} {
		if rng.IntN(3) == 0 {
			a.Tags = append(a.Tags, tag)
		}
	}
	if rng.IntN(3) == 0 {
		a.Contexts = []string{"peak_hours"}
	}
	if rng.IntN(6) == 0 {
		a.Intents = []string{oneOf(rng, "refund_request", "churn_risk", "question")}
	}
	if rng.IntN(2) == 0 {
		a.Joint = pipeline.Joint{Label: oneOf(rng, labels[:3]...), Score: float64(rng.IntN(9)-4) / 4, Contradiction: rng.IntN(3) == 0}
	}
	return a
}

// storedFeedback writes records to a fresh database and opens a reader on it
// that may not write.
func storedFeedback(t testing.TB, records []pipeline.Record) *Reader {
	t.Helper()
	url, conn := freshDatabase(t)
	store(t, conn, records)
	return openReadOnly(t, url)
}

func store(t testing.TB, conn driver.Conn, records []pipeline.Record) {
	t.Helper()
	ctx := context.Background()
	w, err := NewWriter(ctx, conn, nil)
	if err != nil {
		t.Fatal(err)
	}
	batches := map[pipeline.TopicPartition][]pipeline.Record{}
	for _, r := range records {
		batches[r.TopicPartition] = append(batches[r.TopicPartition], r)
	}
	for tp, rows := range batches {
		if err := w.Write(ctx, pipeline.Batch{TopicPartition: tp, Records: rows, IngestedAt: fixtureStart()}); err != nil {
			t.Fatal(err)
		}
	}
}

// openReadOnly opens a reader as a user of ClickHouse's profile readonly would.
func openReadOnly(t testing.TB, url string) *Reader {
	t.Helper()
	r, err := OpenReader(At(url+"?readonly=2"), 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}
