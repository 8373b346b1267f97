// Package hostile is a corpus of messages that break careless readers, each with
// what must become of it. Tests and fuzz targets of all input paths share it.
package hostile

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Event is the outcome of a message that is valid, however odd it looks.
const Event = "event"

// Message is one Kafka message.
type Message struct {
	Name    string
	Value   string
	Headers [][2]string // name, value
	Outcome string      // Event, or the reason of the dead letter
}

// Messages returns the corpus. Times in it are around now.
func Messages(now time.Time) []Message {
	b := builder{now: now}
	var all []Message
	for _, part := range [][]Message{b.nesting(), b.numbers(), b.names(), b.characters(), b.sizes(), b.times(), b.grammar(), b.envelopes()} {
		all = append(all, part...)
	}
	return all
}

type builder struct{ now time.Time }

// with is a valid event with further members, which begin with a comma.
func (b builder) with(members string) string {
	return `{"source":"review","occurred_at":"` + b.now.UTC().Format(time.RFC3339) + `","text":"fine"` + members + `}`
}

func (b builder) nesting() []Message {
	nest := func(open, inside, shut string, levels int) string {
		return strings.Repeat(open, levels) + inside + strings.Repeat(shut, levels)
	}
	return []Message{
		{Name: "objects 20,000 deep", Value: nest(`{"a":`, `1`, `}`, 20_000), Outcome: "bad_json"},
		{Name: "arrays 500,000 deep, open", Value: strings.Repeat("[", 500_000), Outcome: "bad_json"},
		{Name: "attribute 31 deep", Value: b.with(`,"x":` + nest("[", "", "]", 31)), Outcome: Event},
		{Name: "attribute 10,001 deep", Value: b.with(`,"x":` + nest("[", "", "]", 10_001)), Outcome: "bad_json"},
		{Name: "attribute 32 deep", Value: b.with(`,"x":` + nest("[", "", "]", 32)), Outcome: "bad_json"},
		{Name: "100,000 brackets in a string", Value: b.with(`,"x":"` + strings.Repeat("[{", 50_000) + `"`), Outcome: Event},
	}
}

func (b builder) numbers() []Message {
	digits := strings.Repeat("9", 400)
	return []Message{
		{Name: "rating 1e999999", Value: b.with(`,"rating":1e999999`), Outcome: "bad_rating"},
		{Name: "rating of 400 digits", Value: b.with(`,"rating":` + digits), Outcome: "bad_rating"},
		{Name: "rating of 1 and 100,000 noughts behind the point", Value: b.with(`,"rating":1.` + strings.Repeat("0", 100_000)), Outcome: Event},
		{Name: "rating below the smallest number", Value: b.with(`,"rating":1e-999999`), Outcome: "bad_rating"},
		{Name: "rating minus nought", Value: b.with(`,"rating":-0`), Outcome: "bad_rating"},
		{Name: "rating on an endless scale", Value: b.with(`,"rating":{"value":0,"min":-1.7e308,"max":1.7e308}`), Outcome: Event},
		{Name: "NPS of 400 digits", Value: b.with(`,"survey":{"nps":` + digits + `}`), Outcome: "bad_survey"},
		{Name: "NPS with an exponent", Value: b.with(`,"survey":{"nps":0.9e1}`), Outcome: Event},
		{Name: "customer worth 1e400", Value: b.with(`,"customer":{"id":"c","value":1e400}`), Outcome: "bad_type"},
		{Name: "attribute of 400 digits", Value: b.with(`,"x":` + digits), Outcome: Event},
		{Name: "attribute 1e999999", Value: b.with(`,"x":1e999999`), Outcome: Event},
		{Name: "leading nought", Value: b.with(`,"x":01`), Outcome: "bad_json"},
		{Name: "NaN", Value: b.with(`,"rating":NaN`), Outcome: "bad_json"},
		{Name: "Infinity", Value: b.with(`,"rating":-Infinity`), Outcome: "bad_json"},
		{Name: "hexadecimal", Value: b.with(`,"x":0x10`), Outcome: "bad_json"},
		{Name: "point without digits", Value: b.with(`,"x":1.`), Outcome: "bad_json"},
	}
}

func (b builder) names() []Message {
	var many strings.Builder
	for i := range 90_000 {
		fmt.Fprintf(&many, `,"k%s":0`, strconv.FormatInt(int64(i), 36))
	}
	return []Message{
		{Name: "text twice", Value: b.with(`,"text":"poor"`), Outcome: "bad_json"},
		{Name: "text twice, once escaped", Value: b.with(`,"\u0074ext":"poor"`), Outcome: "bad_json"},
		{Name: "twice in an attribute", Value: b.with(`,"x":{"y":1,"y":2}`), Outcome: "bad_json"},
		{Name: "two lone surrogates as names", Value: b.with(`,"\ud800":1,"\udbff":2`), Outcome: "bad_json"},
		{Name: "90,000 members", Value: b.with(many.String()), Outcome: Event},
		{Name: "empty name", Value: b.with(`,"":1`), Outcome: Event},
		{Name: "name of half a mebibyte", Value: b.with(`,"` + strings.Repeat("n", 1<<19) + `":1`), Outcome: Event},
		{Name: "name with NUL", Value: b.with(`,"a\u0000b":1`), Outcome: Event},
		{Name: "member __proto__", Value: b.with(`,"__proto__":{"admin":true}`), Outcome: Event},
		{Name: "id of 128 bytes", Value: b.with(`,"id":"` + strings.Repeat("x", 128) + `"`), Outcome: Event},
		{Name: "id of 129 bytes", Value: b.with(`,"id":"` + strings.Repeat("x", 129) + `"`), Outcome: "bad_id"},
		{Name: "id of half a mebibyte", Value: b.with(`,"id":"` + strings.Repeat("x", 1<<19) + `"`), Outcome: "bad_id"},
		{Name: "id with NUL", Value: b.with(`,"id":"a\u0000"`), Outcome: "bad_id"},
		{Name: "id with a line break", Value: b.with(`,"id":"a\nb"`), Outcome: "bad_id"},
		{Name: "id with SQL", Value: b.with(`,"id":"'); DROP TABLE records; --"`), Outcome: Event},
		{Name: "id of lone surrogates", Value: b.with(`,"id":"\udfff\ud800"`), Outcome: Event},
	}
}
