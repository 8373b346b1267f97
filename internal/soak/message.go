package soak

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// kind is what a message must become.
type kind uint8

const (
	fresh    kind = iota // an event
	repeat               // a duplicate, fed soon after the first under its key
	reimport             // a duplicate, fed much later and under another key, mostly on another partition
	bad                  // a dead letter
)

// Shares of the messages, per 10,000.
const (
	repeatShare   = 200
	reimportShare = 100
	badShare      = 50

	repeatReach = 500 // messages between a repeat and its first, at the most
)

// feed generates the messages of a run: message i depends on seed and i alone,
// so that producers, checks and a repeated run agree.
type feed struct {
	Seed  uint64
	Count int
	// Distance is how many messages lie between a reimport and its first, at
	// least: so many that the first one is stored by then.
	Distance int
	Began    time.Time // events occurred in the days before
}

// message is one Kafka message.
type message struct {
	Key, Value []byte
	Reason     string // of a bad one
}

// stream is message i's own random numbers.
func (f *feed) stream(i int) *rand.Rand { return rand.New(rand.NewPCG(f.Seed, uint64(i))) }

// role says what message i is, and which message's event it carries: its own
// if it is fresh.
func (f *feed) role(i int) (kind, int) {
	r := f.stream(i)
	k, back := f.draw(r, i)
	if back == 0 {
		return k, i
	}
	// A repeat of what is not fresh itself would need following: be fresh.
	if first, further := f.draw(f.stream(i-back), i-back); first != fresh || further != 0 {
		return fresh, i
	}
	return k, i - back
}

// draw is role before it is known whether the message back is fresh.
func (f *feed) draw(r *rand.Rand, i int) (k kind, back int) {
	switch n := r.IntN(10_000); {
	case n < badShare:
		return bad, 0
	case n < badShare+repeatShare && i > 0:
		return repeat, 1 + r.IntN(min(i, repeatReach))
	case n < badShare+repeatShare+reimportShare && i > f.Distance:
		return reimport, f.Distance + r.IntN(i-f.Distance) + 1
	}
	return fresh, 0
}

func (f *feed) message(i int) message {
	k, of := f.role(i)
	switch k {
	case bad:
		return f.malformed(i)
	case reimport:
		m := f.event(of)
		m.Key = fmt.Appendf(nil, "reimport-%d", i)
		return m
	default:
		return f.event(of)
	}
}

// id of the event that message i is the first to carry.
func (f *feed) id(i int) string { return fmt.Sprintf("soak-%d-%d", f.Seed, i) }

// events counts the fresh messages.
func (f *feed) events() (n int) {
	for i := range f.Count {
		if k, _ := f.role(i); k == fresh {
			n++
		}
	}
	return n
}

func (f *feed) event(i int) message {
	r := f.stream(i)
	r.Uint64() // the role's
	customer := r.IntN(100_000)
	at := f.Began.Add(-time.Duration(r.IntN(14*24*3600)) * time.Second)
	return message{
		Key: fmt.Appendf(nil, "c-%d", customer),
		Value: fmt.Appendf(nil, `{"id":%q,"source":%q,"occurred_at":%q,"text":%q,"rating":%d,"customer":"c-%d","location":"store-%03d"}`,
			f.id(i), pick(r, "review", "survey", "chat", "email"), at.UTC().Format(time.RFC3339), say(r), 1+r.IntN(5), customer, r.IntN(40)),
	}
}

func say(r *rand.Rand) string {
	var said []string
	for range 1 + r.IntN(3) {
		said = append(said, pick(r, "The", "Our", "Sadly the", "As always the")+" "+
			pick(r, "pizza", "service", "waiter", "delivery", "table", "app")+" was "+
			pick(r, "great", "slow", "very friendly", "terrible", "not good", "fine", "cold")+".")
	}
	return strings.Join(said, " ")
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

// malformed is one of the messages that must be refused, each with its reason.
func (f *feed) malformed(i int) message {
	r := f.stream(i)
	r.Uint64()
	at := f.Began.UTC().Format(time.RFC3339)
	m := message{Key: fmt.Appendf(nil, "c-%d", r.IntN(100_000))}
	kinds := []struct{ reason, value string }{
		{"bad_json", fmt.Sprintf("no event %d", i)},
		{"bad_json", fmt.Sprintf(`{"id":%q,"source":"review","occurred_at":"20`, f.id(i))},
		{"bad_encoding", fmt.Sprintf("{\"source\":\"review\",\"occurred_at\":%q,\"text\":\"caf\xe9 %d\"}", at, i)},
		{"bad_type", fmt.Sprintf(`{"source":"review","occurred_at":%q,"text":%d}`, at, i)},
		{"bad_time", fmt.Sprintf(`{"source":"review","occurred_at":"yesterday","text":"%d"}`, i)},
		{"bad_source", fmt.Sprintf(`{"source":"telepathy","occurred_at":%q,"text":"%d"}`, at, i)},
		{"no_content", fmt.Sprintf(`{"id":%q,"source":"review","occurred_at":%q}`, f.id(i), at)},
		{"bad_rating", fmt.Sprintf(`{"source":"review","occurred_at":%q,"rating":%d}`, at, 6+i)},
		{"bad_survey", fmt.Sprintf(`{"source":"survey","occurred_at":%q,"survey":{"nps":%d}}`, at, 11+i)},
	}
	if r.IntN(400) == 0 {
		m.Reason, m.Value = "too_large", fmt.Appendf(nil, `{"text":"%d%s"}`, i, bytes.Repeat([]byte(" long"), 1<<18))
		return m
	}
	chosen := kinds[r.IntN(len(kinds))]
	m.Reason, m.Value = chosen.reason, []byte(chosen.value)
	return m
}

// indexHeader marks a Kafka message with its index, 8 bytes big-endian, so that
// the log can be read back whatever the value is.
const indexHeader = "soak-index"

func encodeIndex(i int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(i)) }

func decodeIndex(b []byte) (int, bool) {
	if len(b) != 8 {
		return 0, false
	}
	return int(binary.BigEndian.Uint64(b)), true
}
