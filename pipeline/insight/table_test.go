package insight

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestOrderWithinADay mines the same days with the events of each in two orders.
func TestOrderWithinADay(t *testing.T) {
	var seen []Observation
	r := rand.New(rand.NewPCG(8, 1))
	first := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for day := range 60 {
		for range 60 {
			o := Observation{Day: first.AddDate(0, 0, day), HourOfWeek: uint8(day%7*24 + 9 + r.IntN(12))}
			o.Values[Location] = []string{"store-3", "store-1", "store-4", "store-2", ""}[r.IntN(5)]
			o.Values[Channel] = []string{"survey", "review"}[r.IntN(2)]
			if chance := r.Float64(); chance < .04 || chance < .3 && o.Values[Location] == "store-4" {
				o.Negative = []string{"service.speed"}
			}
			if r.Float64() < .05 {
				o.Negative = append(o.Negative, "price", "price")
			}
			seen = append(seen, o)
		}
	}
	mined := func() []Finding {
		table := new(Table)
		for _, o := range seen {
			table.Add(o)
		}
		found, err := Mine(context.Background(), table, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	want := mined()
	if len(want) == 0 || want[0].Location == nil || *want[0].Location != "store-4" || want[0].Topic != "service.speed" {
		t.Fatalf("%+v", want)
	}
	r.Shuffle(len(seen), func(i, j int) { seen[i], seen[j] = seen[j], seen[i] })
	slices.SortStableFunc(seen, func(a, b Observation) int { return a.Day.Compare(b.Day) })
	if diff := cmp.Diff(want, mined(), cmpopts.IgnoreUnexported(Finding{})); diff != "" {
		t.Errorf("another order, other findings (-want +got)\n%s", diff)
	}
}
