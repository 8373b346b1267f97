package rated

import (
	"strings"
	"time"

	"earshot/sentiment/model"
)

// Event is a text with the rating that came with it.
type Event struct {
	Text     string
	Channel  string
	Customer string // id; empty: unknown
	Rating   Rating
	At       time.Time // when it was stored
}

// The limits against poisoning.
const (
	// MaxOfCustomer is how many events of one customer count, the newest.
	MaxOfCustomer = 3
	// MaxShare is how much of all weight one channel has at the most, unless it is
	// the only one. Events without a customer count as one more channel of theirs.
	MaxShare = 0.5
	// FreeOfChannel is how many events of a channel count whatever its share, so that
	// little feedback elsewhere does not silence it.
	FreeOfChannel = 200
	// MaxOfText is how often the same words count, whoever sent them.
	MaxOfText = 2
)

// Dropped counts the events that were left out, by reason.
type Dropped struct {
	Unrated  int `json:"unrated"`
	Customer int `json:"over_customer_limit"`
	Text     int `json:"repeated_text"`
	Channel  int `json:"over_channel_share"`
}

// Examples makes examples of events, oldest first, within the limits.
func Examples(events []Event) ([]model.Example, Dropped) {
	var dropped Dropped
	ofCustomer, ofText := map[string]int{}, map[string]int{}
	var kept []int // newest first
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		words := strings.Join(strings.Fields(strings.ToLower(e.Text)), " ")
		if _, ok := e.Rating.Label(); !ok || words == "" {
			dropped.Unrated++
			continue
		}
		if e.Customer != "" {
			if ofCustomer[e.Customer] >= MaxOfCustomer {
				dropped.Customer++
				continue
			}
			ofCustomer[e.Customer]++
		}
		if ofText[words] >= MaxOfText {
			dropped.Text++
			continue
		}
		ofText[words]++
		kept = append(kept, i)
	}
	before := len(kept)
	kept = capChannels(events, kept)
	dropped.Channel = before - len(kept)
	out := make([]model.Example, 0, len(kept))
	for i := len(kept) - 1; i >= 0; i-- {
		e := &events[kept[i]]
		label, _ := e.Rating.Label()
		out = append(out, model.Example{Text: e.Text, Class: label.Class()})
	}
	return out, dropped
}

// origin is what has a share: a channel, its events without a customer apart,
// because anybody can send those.
func origin(e *Event) string {
	if e.Customer == "" {
		return e.Channel + "\x00anonymous"
	}
	return e.Channel
}

// capChannels leaves the newest of an origin that has more than its share.
func capChannels(events []Event, kept []int) []int {
	count := map[string]int{}
	for _, i := range kept {
		count[origin(&events[i])]++
	}
	if len(count) < 2 {
		return kept
	}
	top := 0
	for _, n := range count {
		top = max(top, n)
	}
	// The others are len(kept)-top; the largest may be as many as they are.
	most := int(float64(len(kept)-top) * MaxShare / (1 - MaxShare))
	taken := map[string]int{}
	out := kept[:0:0]
	for _, i := range kept {
		if o := origin(&events[i]); count[o] < top || taken[o] < max(most, FreeOfChannel) {
			taken[o]++
			out = append(out, i)
		}
	}
	return out
}

// After returns the events that were stored after t; events is in their order.
func After(events []Event, t time.Time) []Event {
	for i := range events {
		if events[i].At.After(t) {
			return events[i:]
		}
	}
	return nil
}
