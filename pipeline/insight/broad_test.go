package insight

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// burstChain draws twenty locations whose comments hardly complain of topic-03, and on the
// last day thirty comments that do, of locations that begin with as many as given;
// 0 stands for comments without a location.
func burstChain(seed uint64, locations int) *Table {
	r := rand.New(rand.NewPCG(seed, 3))
	t := new(Table)
	add := func(day int, location string, rate float64) {
		o := Observation{Day: start.AddDate(0, 0, day), HourOfWeek: uint8(r.IntN(weekHours))}
		o.Values[Location], o.Values[Channel] = location, "review"
		for topic := range 12 {
			p := 0.02
			if topic == 3 {
				p = rate
			}
			if r.Float64() < p {
				o.Negative = append(o.Negative, fmt.Sprintf("topic-%02d", topic))
			}
		}
		t.Add(o)
	}
	for i := range 3000 {
		add(i/30, fmt.Sprintf("store-%02d", r.IntN(20)), 0.02)
	}
	for i := range 30 {
		if locations == 0 {
			add(101, "", 0.9)
			continue
		}
		add(101, fmt.Sprintf("store-%02d", i%locations), 0.9)
	}
	return t
}

// What a few locations alone gave feedback of is told of them, not of everywhere.
func TestBurstsAreToldWhereTheyAre(t *testing.T) {
	for seed := range uint64(4) {
		for _, f := range mine(t, burstChain(seed, 1)) {
			if f.Topic == "topic-03" && (f.Location == nil || *f.Location != "store-00") {
				t.Errorf("seed %d: %s", seed, f.Sentence)
			}
		}
		for _, locations := range []int{0, 20} {
			told := mine(t, burstChain(seed, locations))
			if len(told) == 0 || told[0].Topic != "topic-03" || told[0].Location != nil {
				t.Errorf("seed %d, %d locations: %+v", seed, locations, told)
			}
		}
	}
}
