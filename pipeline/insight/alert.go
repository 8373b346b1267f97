package insight

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// AlertKind says which rule raised an alert.
type AlertKind string

// The kinds of alerts.
const (
	KindCrisis AlertKind = "crisis" // a burst of public negatives, in minutes
	KindSpike  AlertKind = "spike"  // a topic in a cell, over a day
	KindRising AlertKind = "rising" // a topic in a cell, over a week
	KindTheme  AlertKind = "theme"  // something that no topic covers
	KindTest   AlertKind = "test"   // sent by hand to try the targets
)

// Cell is what an alert is about; "" stands for any.
type Cell struct {
	Topic    string `json:"topic"`
	Location string `json:"location"`
	Channel  string `json:"channel"`
}

// Signal is what a rule sees at one moment.
type Signal struct {
	Kind     AlertKind
	Cell     Cell
	Since    time.Time // of the first event of the burst, or the beginning of the period
	Until    time.Time // of the last
	Observed int       // events since then
	Expected float64   // events that are usual in that time
	P, Q     float64   // of the test, and the false discovery rate over everything looked at
	Words    string    // in place of the sentence made of the figures
	Name     string    // of what is complained of, such as "Slow service"; "": the topic
}

// Key is the same for the same kind in the same cell.
func (s Signal) Key() string {
	return strings.Join([]string{string(s.Kind), s.Cell.Topic, s.Cell.Location, s.Cell.Channel}, "|")
}

// AlertState is where an alert stands.
type AlertState string

// The states. Open becomes acknowledged by a person, and resolved when the
// burst has ended.
const (
	AlertOpen         AlertState = "open"
	AlertAcknowledged AlertState = "acknowledged"
	AlertResolved     AlertState = "resolved"
)

// Alert is one burst in one cell, however long it lasts.
type Alert struct {
	ID       string     `json:"id"`
	Key      string     `json:"key"`
	Kind     AlertKind  `json:"kind"`
	State    AlertState `json:"state"`
	Cell                // topic, location, channel
	Since    time.Time  `json:"since"`     // first event
	RaisedAt time.Time  `json:"raised_at"` // noticed
	LastAt   time.Time  `json:"last_at"`   // last event seen
	Count    int        `json:"count"`     // events so far
	Expected float64    `json:"expected"`  // usual in the time tested
	Lift     float64    `json:"lift"`      // count of the strongest test over expected
	P        float64    `json:"p"`
	Q        float64    `json:"q"`
	Sentence string     `json:"sentence"`
	AckBy    string     `json:"ack_by"`
	AckAt    *time.Time `json:"ack_at"`
	AckNote  string     `json:"ack_note"`
	Version  int        `json:"version"` // grows with each change that a watcher writes
}

// NewAlert makes the alert that a signal opens.
func NewAlert(s Signal, now time.Time) Alert {
	sum := sha256.Sum256([]byte(s.Key() + "|" + strconv.FormatInt(s.Since.UnixMilli(), 10)))
	a := Alert{
		ID: hex.EncodeToString(sum[:6]), Key: s.Key(), Kind: s.Kind, State: AlertOpen, Cell: s.Cell,
		Since: s.Since, RaisedAt: now, LastAt: s.Until, Count: s.Observed,
		Expected: s.Expected, P: s.P, Q: s.Q, Version: 1,
	}
	a.describe(s)
	return a
}

// describe words the alert by a signal about it.
func (a *Alert) describe(s Signal) {
	a.Lift = timesUsual(s.Observed, s.Expected)
	a.Sentence = sentenceOf(s)
}

func timesUsual(observed int, expected float64) float64 {
	return float64(observed) / max(expected, 0.01)
}

// sentenceOf says an alert in one plain sentence.
func sentenceOf(s Signal) string {
	if s.Words != "" {
		return s.Words
	}
	where := "all locations"
	if s.Cell.Location != "" {
		where = s.Cell.Location
	}
	if s.Cell.Channel != "" {
		where += ", " + s.Cell.Channel
	}
	what := cmp.Or(s.Name, s.Cell.Topic)
	usual := fmt.Sprintf("about %.2g are usual", s.Expected)
	if s.Expected < 0.1 {
		usual = "next to none are usual"
	}
	switch span := s.Until.Sub(s.Since); s.Kind {
	case KindCrisis:
		return fmt.Sprintf("Public complaints: %s, %d in %s; %s.", where, s.Observed, inMinutes(span), usual)
	case KindRising:
		return fmt.Sprintf("%s is rising: %s, %d complaints in 7 days; %s.", what, where, s.Observed, usual)
	default:
		return fmt.Sprintf("%s: %s, %d complaints in 24 hours; %s.", what, where, s.Observed, usual)
	}
}

func inMinutes(d time.Duration) string {
	if d < time.Minute {
		return "one minute"
	}
	return fmt.Sprintf("%d minutes", int((d+time.Minute-1)/time.Minute))
}

// Theme is something that customers speak of and no topic covers.
type Theme struct {
	Name     string
	Count    int // pieces of feedback in the period
	Since    time.Time
	Until    time.Time
	Negative float64 // share of it, 0..1
}

// ThemeSignal turns a newly found theme into a signal.
func ThemeSignal(t Theme) Signal {
	return Signal{
		Kind: KindTheme, Cell: Cell{Topic: t.Name}, Since: t.Since, Until: t.Until, Observed: t.Count,
		Words: fmt.Sprintf("New theme: %q in %d comments, %.0f %% of them negative; no topic covers it.", t.Name, t.Count, 100*t.Negative),
	}
}
