package insight

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// chain draws the feedback of 20 locations over 120 days. rate says how likely a
// piece of feedback complains about service.speed.
func chain(seed uint64, rate func(o *Observation, day int) float64) *Table {
	random := rand.New(rand.NewPCG(seed, 1))
	channels := []string{"review", "survey", "social"}
	t := new(Table)
	for day := range 120 {
		for range 150 {
			hour := []int{8, 12, 12, 13, 18, 18, 19, 19, 20, 21}[random.IntN(10)]
			o := Observation{Day: start.AddDate(0, 0, day), HourOfWeek: uint8(day%7*24 + hour)}
			place := random.IntN(25)
			if place > 19 {
				place = 7 // store-07 is six times as busy as the others
			}
			o.Values[Location] = fmt.Sprintf("store-%02d", place)
			o.Values[Channel] = channels[random.IntN(3)]
			if o.Values[Channel] == "survey" {
				nps := uint8(5 + random.IntN(6))
				o.NPS = &nps
			}
			if random.Float64() < rate(&o, day) {
				o.Negative = []string{"service.speed"}
				if o.NPS != nil {
					*o.NPS = 2
				}
			}
			for _, topic := range []string{"price.value", "food.taste", "cleanliness", "parking"} { // as likely everywhere
				if random.Float64() < 0.05 {
					o.Negative = append(o.Negative, topic)
				}
			}
			t.Add(o)
		}
	}
	return t
}

var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) // a Monday

// base is what people complain anyway: more in social media than elsewhere.
func base(o *Observation) float64 {
	if o.Values[Channel] == "social" {
		return 0.12
	}
	return 0.04
}

func mine(t testing.TB, table *Table) []Finding {
	t.Helper()
	found, err := Mine(context.Background(), table, Options{Names: map[string]string{"service.speed": "slow service"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Logf("q %.2g: %s", f.Q, f.Sentence)
	}
	return found
}

func weekendEvening(o *Observation) bool {
	day, hour := o.HourOfWeek/24, o.HourOfWeek%24
	return (day == 4 || day == 5) && (hour == 18 || hour == 19)
}

func TestMineFindsThePeakHours(t *testing.T) {
	slow := []string{"store-02", "store-11"}
	found := mine(t, chain(1, func(o *Observation, _ int) float64 {
		if weekendEvening(o) && slices.Contains(slow, o.Values[Location]) {
			return 0.6
		}
		return base(o)
	}))
	found = slices.DeleteFunc(found, func(f Finding) bool { return f.Channel != nil })
	if len(found) != 2 {
		t.Fatalf("%d findings, want the two locations", len(found))
	}
	for _, f := range found {
		if f.Topic != "service.speed" || f.Location == nil || !slices.Contains(slow, *f.Location) {
			t.Errorf("found %s at %v", f.Topic, f.Location)
			continue
		}
		if !slices.Equal(f.Weekdays, []int{5, 6}) || !slices.Equal(f.Hours, []int{18, 19}) {
			t.Errorf("%s: days %v, hours %v", *f.Location, f.Weekdays, f.Hours)
		}
		if f.Channel != nil || f.Since != nil || f.LiftLow > 8 || f.LiftHigh < 8 {
			t.Errorf("%s: channel %v, since %v, lift %.1f..%.1f where about 9 was planted", *f.Location, f.Channel, f.Since, f.LiftLow, f.LiftHigh)
		}
		if f.NPSPoints == nil || *f.NPSPoints <= 0 {
			t.Errorf("%s costs %v NPS points", *f.Location, f.NPSPoints)
		}
		if want := "Slow service: " + *f.Location + ", Fri-Sat 18-20 h, "; !strings.HasPrefix(f.Sentence, want) {
			t.Errorf("sentence %q, want %q…", f.Sentence, want)
		}
	}
}

func TestMineDatesAChange(t *testing.T) {
	found := mine(t, chain(2, func(o *Observation, day int) float64 {
		if o.Values[Location] == "store-05" && day >= 70 {
			return 0.4
		}
		return base(o)
	}))
	found = slices.DeleteFunc(found, func(f Finding) bool { return f.Channel != nil })
	if len(found) != 1 || found[0].Since == nil {
		t.Fatalf("%d findings, want one with a date", len(found))
	}
	if off := found[0].Since.Sub(start.AddDate(0, 0, 70)).Hours() / 24; math.Abs(off) > 4 {
		t.Errorf("since %v, %v days off", found[0].Since, off)
	}
	if found[0].Hours != nil {
		t.Errorf("hours %v where the whole day is bad", found[0].Hours)
	}
}

// TestMineKnowsChannelsDiffer: that people complain more in social media is no
// news; that they do since a day is.
func TestMineKnowsChannelsDiffer(t *testing.T) {
	if found := mine(t, chain(3, base0)); len(found) != 0 {
		t.Error("a channel's usual mood was told")
	}
	found := mine(t, chain(3, func(o *Observation, day int) float64 {
		if o.Values[Channel] == "review" && day >= 60 {
			return 0.18
		}
		return base(o)
	}))
	if len(found) != 1 || found[0].Channel == nil || *found[0].Channel != "review" || found[0].Since == nil {
		t.Error("want the channel, since a day")
	}
}

func base0(o *Observation, _ int) float64 { return base(o) }

// TestMineTellsPartFromWhole: what three of twenty locations do shows in the
// chain's own hours, and is told of the three; what all do is told of the chain.
func TestMineTellsPartFromWhole(t *testing.T) {
	everywhere := mine(t, chain(4, func(o *Observation, _ int) float64 {
		if weekendEvening(o) {
			return 0.3
		}
		return 0.06
	}))
	if len(everywhere) != 1 || everywhere[0].Location != nil || !slices.Equal(everywhere[0].Hours, []int{18, 19}) {
		t.Errorf("slow everywhere on two evenings: want that, once")
	}
	three := mine(t, chain(5, func(o *Observation, _ int) float64 {
		switch o.Values[Location] {
		case "store-01", "store-02", "store-03":
			if weekendEvening(o) {
				return 0.7
			}
		}
		return 0.06
	}))
	for _, f := range three {
		if f.Location == nil {
			t.Errorf("told of the chain: %s", f.Sentence)
		}
	}
	if len(three) != 3 {
		t.Errorf("%d findings, want the three locations", len(three))
	}
}

// TestMineTellsAQuarterFromTheWhole: three of twelve are many, and still not all.
func TestMineTellsAQuarterFromTheWhole(t *testing.T) {
	twelve := func(o *Observation) int {
		place := int(o.Values[Location][len("store-")]-'0')*10 + int(o.Values[Location][len("store-0")]-'0')
		o.Values[Location] = fmt.Sprintf("store-%02d", place%12)
		return place % 12
	}
	found := mine(t, chain(6, func(o *Observation, _ int) float64 {
		slow := twelve(o) < 3
		switch {
		case slow && weekendEvening(o):
			return 0.3
		case weekendEvening(o): // all are a little worse then
			return 0.09
		}
		return 0.06
	}))
	for _, f := range found {
		if f.Location == nil {
			t.Errorf("told of the chain: %s", f.Sentence)
		}
	}
	if len(found) != 3 {
		t.Errorf("%d findings, want the three locations", len(found))
	}
}

// TestMineAsksSiblings: one location is too weak for all the windows that could
// have been, and not for the one in which others stand out.
func TestMineAsksSiblings(t *testing.T) {
	slow := func(others ...string) bool {
		found := mine(t, chain(7, func(o *Observation, _ int) float64 {
			switch place := o.Values[Location]; {
			case place == "store-03" && weekendEvening(o):
				return 0.18
			case slices.Contains(others, place) && weekendEvening(o):
				return 0.5
			}
			return 0.06
		}))
		return slices.ContainsFunc(found, func(f Finding) bool {
			return f.Location != nil && *f.Location == "store-03" && slices.Equal(f.Weekdays, []int{5, 6}) && slices.Equal(f.Hours, []int{18, 19})
		})
	}
	if slow() {
		t.Error("strong enough alone, which makes the test pointless")
	}
	if !slow("store-02", "store-11") {
		t.Error("missed beside others with the same hours")
	}
}

// TestMineTellsAStoryOnce: who is angry about the prices says that the portions
// are small, too. That is no news beside the prices; it is where it comes alone.
func TestMineTellsAStoryOnce(t *testing.T) {
	told := func(alone float64) (topics []string) {
		random := rand.New(rand.NewPCG(8, 8))
		found := mine(t, chain(8, func(o *Observation, day int) float64 {
			if day >= 70 {
				o.Negative = []string{}
				if random.Float64() < 0.25 {
					o.Negative = append(o.Negative, "price.rise")
					if random.Float64() < 0.5 {
						o.Negative = append(o.Negative, "food.portion")
					}
				}
				if random.Float64() < alone {
					o.Negative = append(o.Negative, "food.portion")
				}
			} else if random.Float64() < 0.03 {
				o.Negative = []string{[]string{"price.rise", "food.portion"}[random.IntN(2)]}
			}
			return 0
		}))
		for _, f := range found {
			topics = append(topics, f.Topic)
		}
		return topics
	}
	if topics := told(0.01); !slices.Equal(topics, []string{"price.rise"}) {
		t.Errorf("told %v, want the prices alone", topics)
	}
	if topics := told(0.25); !slices.Contains(topics, "food.portion") {
		t.Errorf("told %v: portions are a matter of their own", topics)
	}
}

// TestMineStaysSilent is the false discovery check: without anything planted
// (but a busy location and more complaints at busy hours), hardly any seed may
// yield a finding.
func TestMineStaysSilent(t *testing.T) {
	false1, chains := 0, uint64(20)
	if testing.Short() {
		chains = 5
	}
	for seed := range chains {
		found, err := Mine(context.Background(), chain(100+seed, func(*Observation, int) float64 { return 0.06 }), Options{})
		if err != nil {
			t.Fatal(err)
		}
		false1 += len(found)
	}
	if false1 > 1 {
		t.Errorf("%d findings in %d chains with nothing to find", false1, chains)
	}
}

func TestMineSmallInput(t *testing.T) {
	if found, err := Mine(context.Background(), new(Table), Options{}); err != nil || found == nil || len(found) != 0 {
		t.Errorf("empty table: %v, %v", found, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Mine(ctx, chain(1, base0), Options{}); err == nil {
		t.Error("goes on when cancelled")
	}
}

func BenchmarkMine(b *testing.B) {
	table := chain(1, base0)
	for b.Loop() {
		if _, err := Mine(context.Background(), table, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
