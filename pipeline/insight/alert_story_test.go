package insight

import (
	"slices"
	"testing"
	"time"
)

// counted is a cell with its complaints now and in each past week; of all feedback there
// is a hundred times as much.
func counted(topic, location, channel string, now, usual int) CellCounts {
	c := CellCounts{Cell: Cell{Topic: topic, Location: location, Channel: channel}}
	for w := range c.Complaints {
		c.Complaints[w], c.Feedback[w] = usual, 1000
	}
	c.Complaints[0] = now
	return c
}

func keys(signals []Signal) (out []string) {
	for _, s := range signals {
		out = append(out, s.Cell.Topic+"|"+s.Cell.Location+"|"+s.Cell.Channel)
	}
	return out
}

func TestTrendsTellAStoryOnce(t *testing.T) {
	for name, c := range map[string]struct {
		cells []CellCounts
		want  []string
	}{
		"a burst of one location, on two channels": {
			cells: []CellCounts{counted("t", "", "", 24, 2), counted("t", "a", "", 22, 0), counted("t", "b", "", 1, 1),
				counted("t", "", "review", 11, 1), counted("t", "", "social", 12, 1)},
			want: []string{"t|a|"},
		},
		"everywhere": {
			cells: []CellCounts{counted("t", "", "", 90, 20), counted("t", "a", "", 30, 6), counted("t", "b", "", 28, 7), counted("t", "c", "", 32, 7)},
			want:  []string{"t||"},
		},
		"everywhere, and one location much more": {
			cells: []CellCounts{counted("t", "", "", 150, 20), counted("t", "a", "", 90, 6), counted("t", "b", "", 28, 7), counted("t", "c", "", 32, 7)},
			want:  []string{"t||", "t|a|"},
		},
		"two topics": {
			cells: []CellCounts{counted("t", "", "", 24, 2), counted("t", "a", "", 23, 0), counted("u", "", "", 30, 2), counted("u", "a", "", 29, 0)},
			want:  []string{"t|a|", "u|a|"},
		},
		"a location and, elsewhere, a channel": {
			cells: []CellCounts{counted("t", "", "", 50, 2), counted("t", "a", "", 25, 0), counted("t", "", "sms", 25, 0)},
			want:  []string{"t||", "t|a|", "t||sms"},
		},
	} {
		got := keys(Trends(KindSpike, c.cells, monday, monday.Add(24*time.Hour)))
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, expected %v", name, got, c.want)
		}
	}
}

func TestRisingIsBeyondBursts(t *testing.T) {
	cell := func(location, channel string) Cell { return Cell{Topic: "t", Location: location, Channel: channel} }
	rising := []Signal{
		{Kind: KindRising, Cell: cell("a", ""), Observed: 12, Expected: 1},
		{Kind: KindRising, Cell: cell("b", ""), Observed: 30, Expected: 4},
		{Kind: KindRising, Cell: cell("", ""), Observed: 14, Expected: 5},
		{Kind: KindRising, Cell: Cell{Topic: "u"}, Observed: 14, Expected: 5},
	}
	got := keys(BeyondBursts(rising, []Burst{{cell("a", ""), 9}, {cell("b", ""), 10}}))
	if want := []string{"t|b|", "u||"}; !slices.Equal(got, want) {
		t.Errorf("%v, expected %v", got, want)
	}
}

// A burst of one location is one crisis, one of two locations is the chain's as well.
func TestCrisisIsToldOnce(t *testing.T) {
	burstAt := func(location string, n int) (beats []Beat) {
		for i := range n {
			beats = append(beats, Beat{At: monday.Add(time.Duration(i) * 10 * time.Second), Location: location, Count: 1})
		}
		return beats
	}
	for _, c := range []struct {
		beats []Beat
		want  []string
	}{
		{burstAt("a", 30), []string{"|a|"}},
		{slices.Concat(burstAt("a", 30), burstAt("b", 2)), []string{"|a|"}},
		{slices.Concat(burstAt("a", 30), burstAt("b", 30)), []string{"||", "|a|", "|b|"}},
		{burstAt("", 30), []string{"||"}},
	} {
		if got := keys(Crisis(c.beats, nil)); !slices.Equal(got, c.want) {
			t.Errorf("%d beats: %v, expected %v", len(c.beats), got, c.want)
		}
	}
}

func TestAlertsNameWhatIsComplainedOf(t *testing.T) {
	s := Signal{Kind: KindRising, Cell: Cell{Topic: "service.speed", Location: "a"}, Observed: 12, Expected: 3, Name: "Slow service"}
	if got, want := NewAlert(s, monday).Sentence, "Slow service is rising: a, 12 complaints in 7 days; about 3 are usual."; got != want {
		t.Errorf("%q, expected %q", got, want)
	}
}
