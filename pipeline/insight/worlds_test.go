package insight

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var (
	worlds     = flag.Int("worlds", 2, "how many chains with and without planted facts TestWorlds mines")
	firstWorld = flag.Uint64("first-world", 0, "seed of the first of them")
)

// fact is a planted cell: empty dimensions are any.
type fact struct {
	topic    string
	values   [dimensions]string
	days     []uint8 // of the week, Monday 0
	hours    []uint8
	from     int
	lift     float64
	expected float64 // complaints inside beyond the usual
	usual    float64
}

func (f *fact) covers(o *Observation, day int) bool {
	for d, v := range f.values {
		if v != "" && v != o.Values[d] {
			return false
		}
	}
	return day >= f.from && f.inWeek(o.HourOfWeek)
}

func (f *fact) inWeek(h uint8) bool {
	return f.days == nil || slices.Contains(f.days, h/dayHours) && slices.Contains(f.hours, h%dayHours)
}

// world is a chain with its own size, habits and rates.
type world struct {
	random    *rand.Rand
	locations []string
	size      []float64
	hours     [weekHours]float64
	topics    []string
	rates     []float64
	channel   [5]float64 // share
	mood      [5]float64 // factor on all rates
	spread    []float64  // factor of each location on all rates: none are alike
	days      int
	perDay    int
	facts     []fact
}

var (
	worldChannels = []string{"review", "survey", "social", "email", "chat"}
	worldProducts = []string{"", "burger", "pizza", "salad", "pasta", "soup"}
	worldTeams    = []string{"", "early", "late"}
	worldSegments = []string{"", "new", "regular", "vip"}
)

func newWorld(seed uint64, facts int) *world {
	r := rand.New(rand.NewPCG(seed, 77))
	w := &world{random: r, days: 90 + r.IntN(120), perDay: 150 + r.IntN(250)}
	for i := range 8 + r.IntN(30) {
		w.locations = append(w.locations, fmt.Sprintf("store-%02d", i))
		w.size = append(w.size, math.Exp(0.4*r.NormFloat64()))
		w.spread = append(w.spread, math.Exp(0.05*r.NormFloat64()))
	}
	for h := range w.hours {
		day, hour := h/dayHours, h%dayHours
		load := math.Exp(-math.Pow(float64(hour)-12.5, 2)/4) + 1.3*math.Exp(-math.Pow(float64(hour)-19, 2)/5) + 0.02
		if day >= 4 {
			load *= 1.6
		}
		w.hours[h] = load
	}
	for i := range 8 {
		w.topics = append(w.topics, fmt.Sprintf("topic.%d", i))
		w.rates = append(w.rates, 0.01*math.Exp(0.5+0.6*r.NormFloat64()))
	}
	for c := range w.channel {
		w.channel[c] = 0.2 + r.Float64()
		w.mood[c] = math.Exp(0.4 * r.NormFloat64())
	}
	for range facts {
		w.plant()
	}
	return w
}

// plant adds a fact that is no part of another of its topic.
func (w *world) plant() {
	r := w.random
	f := fact{topic: w.topics[len(w.facts)%len(w.topics)], lift: 2.5 + 4*r.Float64()}
	place := func() { f.values[Location] = w.locations[r.IntN(len(w.locations))] }
	window := func() {
		day, hour := uint8(r.IntN(6)), uint8([]int{11, 12, 17, 18, 19}[r.IntN(5)])
		for d := range uint8(1 + r.IntN(2)) {
			f.days = append(f.days, day+d)
		}
		for h := range uint8(2 + r.IntN(2)) {
			f.hours = append(f.hours, hour+h)
		}
	}
	switch r.IntN(8) {
	case 0, 1, 2:
		place()
		window()
		f.lift += 2
	case 3:
		place()
	case 4:
		window()
	case 5:
		place()
		f.values[Channel] = worldChannels[r.IntN(len(worldChannels))]
	case 6:
		f.values[Product] = worldProducts[1+r.IntN(5)]
		if r.IntN(2) == 0 {
			place()
			f.lift += 2
		}
	case 7:
		f.from = w.days / 2
		if r.IntN(2) == 0 {
			place()
		}
	}
	w.facts = append(w.facts, f)
}

func pick(r *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, v := range weights {
		sum += v
	}
	x := r.Float64() * sum
	for i, v := range weights {
		if x -= v; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func (w *world) table() *Table {
	t := new(Table)
	for day := range w.days {
		for range w.perDay {
			place := pick(w.random, w.size)
			today := w.hours[day%7*dayHours : day%7*dayHours+dayHours]
			o := Observation{Day: start.AddDate(0, 0, day), HourOfWeek: uint8(day%7*dayHours + pick(w.random, today))}
			ch := pick(w.random, w.channel[:])
			o.Values = [dimensions]string{w.locations[place], worldChannels[ch], worldProducts[w.random.IntN(len(worldProducts))],
				worldTeams[w.random.IntN(len(worldTeams))], worldSegments[w.random.IntN(len(worldSegments))]}
			for i, topic := range w.topics {
				rate := w.rates[i] * w.mood[ch] * w.spread[place]
				for k := range w.facts {
					if f := &w.facts[k]; f.topic == topic && f.covers(&o, day) {
						f.usual += rate
						rate = min(0.9, rate*f.lift)
						f.expected += rate
					}
				}
				if w.random.Float64() < rate {
					o.Negative = append(o.Negative, topic)
				}
			}
			t.Add(o)
		}
	}
	return t
}

// tells says whether a finding names the fact: its topic, its dimensions, and
// its hours to six tenths.
func (f *fact) tells(x *Finding) bool {
	if x.Topic != f.topic {
		return false
	}
	for d, v := range []*string{x.Location, x.Channel, x.Product, x.Team, x.Segment} {
		if v == nil != (f.values[d] == "") || v != nil && *v != f.values[d] {
			return false
		}
	}
	both, either := 0, 0
	for h := range uint8(weekHours) {
		mine, theirs := f.inWeek(h), x.Hours == nil || slices.Contains(x.Weekdays, int(h/dayHours)+1) && slices.Contains(x.Hours, int(h%dayHours))
		if mine && theirs {
			both++
		}
		if mine || theirs {
			either++
		}
	}
	return float64(both) >= 0.6*float64(either)
}

// strong says whether the fact can be told from chance at all: the complaints
// inside exceed the usual ones by five standard deviations and by ten.
func (f *fact) strong() bool {
	return f.expected-f.usual >= 5*math.Sqrt(f.usual) && f.expected-f.usual >= 12
}

// TestWorlds measures the miner on chains drawn at random: the share of planted
// facts that it finds, of its claims that are wrong, and of chains with nothing
// planted of which it claims something.
func TestWorlds(t *testing.T) {
	if testing.Short() {
		t.Skip("mines whole chains")
	}
	strong, found, claims, wrong, noisy := 0, 0, 0, 0, 0
	for seed := range uint64(*worlds) {
		seed += *firstWorld
		w := newWorld(seed, 5)
		table := w.table()
		findings, err := Mine(context.Background(), table, Options{})
		if err != nil {
			t.Fatal(err)
		}
		claims += len(findings)
		for i := range findings {
			if !slices.ContainsFunc(w.facts, func(f fact) bool { return f.tells(&findings[i]) }) {
				wrong++
				t.Logf("world %d wrong: q %.2g %s", seed, findings[i].Q, findings[i].Sentence)
			}
		}
		for _, f := range w.facts {
			if !f.strong() {
				continue
			}
			strong++
			if slices.ContainsFunc(findings, func(x Finding) bool { return f.tells(&x) }) {
				found++
			} else {
				t.Logf("world %d missed: %s %v days %v hours %v from %d lift %.1f: %.0f where %.0f%s", seed, f.topic, f.values, f.days, f.hours, f.from, f.lift, f.expected, f.usual, newTracer(table).trace(&f, findings))
			}
		}
		quiet := newWorld(seed+1000, 0)
		findings, err = Mine(context.Background(), quiet.table(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(findings) > 0 {
			noisy++
			t.Logf("quiet world %d: q %.2g %s", seed, findings[0].Q, findings[0].Sentence)
		}
	}
	t.Logf("%d worlds: found %d of %d facts (%.3f); %d of %d claims wrong (%.3f); %d quiet worlds with a claim (%.3f)", *worlds,
		found, strong, float64(found)/float64(strong), wrong, claims, float64(wrong)/float64(max(claims, 1)), noisy, float64(noisy)/float64(*worlds))
	if float64(found) < 0.8*float64(strong) {
		t.Error("too few facts are found")
	}
	if float64(wrong) > max(2, 0.05*float64(claims)) {
		t.Error("too many claims are wrong")
	}
	if float64(noisy) > max(1, 0.05*float64(*worlds)) {
		t.Error("too many quiet chains have a claim")
	}
}
