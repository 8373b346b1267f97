package insight

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// sparse draws a hundred locations with fifty comments each. Planted, of one topic one
// location has half, and another topic comes up in every tenth location alone, so that
// most have none of it although some is due.
func sparse(seed uint64, planted bool) *Table {
	r := rand.New(rand.NewPCG(seed, 1))
	t := new(Table)
	for i := range 5000 {
		location := r.IntN(100)
		o := Observation{Day: start.AddDate(0, 0, i/25), HourOfWeek: uint8(r.IntN(weekHours))}
		o.Values[Location], o.Values[Channel] = fmt.Sprintf("store-%03d", location), "review"
		for topic := range 12 {
			rate := 0.004 * float64(topic+1)
			switch {
			case planted && topic == 3 && location == 7:
				rate = 0.5
			case planted && topic == 6 && location%10 == 0:
				rate = 0.3
			case planted && topic == 6:
				rate = 0.001
			}
			if r.Float64() < rate {
				o.Negative = append(o.Negative, fmt.Sprintf("topic-%02d", topic))
			}
		}
		t.Add(o)
	}
	return t
}

// Where most values have no complaint, their most usual level is none. When they were
// asked by how much they differ all the same, no rate of false discoveries was a
// number, and everything was told.
func TestSparseTopics(t *testing.T) {
	for seed := range uint64(4) {
		for _, f := range mine(t, sparse(seed, false)) {
			t.Errorf("seed %d, a quiet chain: %s", seed, f.Sentence)
		}
		planted := false
		for _, f := range mine(t, sparse(seed, true)) {
			switch {
			case f.Topic == "topic-03" && *f.Location == "store-007":
				planted = true
			case f.Topic != "topic-06":
				t.Errorf("seed %d: %s", seed, f.Sentence)
			}
			if !(f.Q <= 0.05) {
				t.Errorf("seed %d: q %v: %s", seed, f.Q, f.Sentence)
			}
		}
		if !planted {
			t.Errorf("seed %d: store-007 was not told", seed)
		}
	}
}

// TestChancesAreProbabilities holds for feedback of any shape: few and many values,
// topics that hardly anybody and that nearly everybody complains about, any period.
func TestChancesAreProbabilities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		values, days := rapid.IntRange(1, 40).Draw(t, "values"), rapid.IntRange(1, 60).Draw(t, "days")
		rates := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 12).Draw(t, "rates")
		power := rapid.Float64Range(1, 6).Draw(t, "power") // higher: rarer
		table := new(Table)
		for i := range rapid.IntRange(1, 1500).Draw(t, "rows") {
			o := Observation{Day: start.AddDate(0, 0, i*days/1500), HourOfWeek: uint8(r.IntN(weekHours))}
			for d := range dimensions {
				o.Values[d] = fmt.Sprint(r.IntN(values))
			}
			for topic, rate := range rates {
				if r.Float64() < math.Pow(rate, power) {
					o.Negative = append(o.Negative, fmt.Sprint("topic-", topic))
				}
			}
			table.Add(o)
		}
		table.settle()
		m := newMiner(table, Options{MinCount: 1}.withDefaults())
		for topic := range table.hits {
			m.begin(uint32(topic))
			for _, c := range m.candidates() {
				if !(c.p >= 0 && c.p <= 1) || !(c.ratio >= 0) {
					t.Fatalf("topic %d: %+v", topic, c)
				}
			}
		}
	})
}
