package insight

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func poisson(rng *rand.Rand, mean float64) int {
	n, p := 0, rng.Float64()
	for limit := math.Exp(-mean); p > limit; n++ {
		p *= rng.Float64()
	}
	return n
}

// quietChain draws the public negatives of a chain: locations of different
// sizes, two peaks a day, and days that differ by the weather.
type quietChain struct {
	rng    *rand.Rand
	places []float64 // negatives in an average hour
}

func newQuietChain(seed uint64, places int, perHour float64) *quietChain {
	c := &quietChain{rng: rand.New(rand.NewPCG(seed, 7))}
	for range places {
		c.places = append(c.places, perHour/float64(places)*math.Exp(0.4*c.rng.NormFloat64()))
	}
	return c
}

func curve(hour int) float64 {
	return 0.3 + 1.5*math.Exp(-math.Pow(float64(hour%24)-12.5, 2)/6) + 2*math.Exp(-math.Pow(float64(hour%24)-18.5, 2)/8)
}

// week returns the negatives of each place in each hour.
func (c *quietChain) week() [][168]int {
	counts := make([][168]int, len(c.places))
	var weather [7]float64
	for d := range weather {
		weather[d] = math.Exp(0.15 * c.rng.NormFloat64())
	}
	for i, rate := range c.places {
		for h := range 168 {
			counts[i][h] = poisson(c.rng, rate*curve(h)*weather[h/24])
		}
	}
	return counts
}

func seasonsAt(past [][][168]int, hour int) []Season {
	places := len(past[0])
	chain := Season{Past: make([]int, len(past))}
	seasons := make([]Season, 0, places+1)
	for i := range places {
		s := Season{Location: fmt.Sprintf("store-%03d", i)}
		total := 0
		for w, week := range past {
			s.Past = append(s.Past, week[i][hour])
			chain.Past[w] += week[i][hour]
			for _, n := range week[i] {
				total += n
			}
		}
		s.PerHour = float64(total) / float64(168*len(past))
		chain.PerHour += s.PerHour
		seasons = append(seasons, s)
	}
	return append(seasons, chain)
}

// beatsOf spreads the counts of an hour over its seconds.
func beatsOf(rng *rand.Rand, week [][168]int, hour int, start time.Time) []Beat {
	var beats []Beat
	for i := range week {
		for range week[i][hour] {
			at := start.Add(time.Duration(hour)*time.Hour + time.Duration(rng.IntN(3600))*time.Second)
			beats = append(beats, Beat{At: at, Location: fmt.Sprintf("store-%03d", i), Count: 1})
		}
	}
	return beats
}

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func TestQuietWeeksRaiseNoCrisis(t *testing.T) {
	alarmed, weeks := 0, 0
	for seed := range uint64(40) {
		perHour := []float64{0.2, 2, 20, 120}[seed%4]
		chain := newQuietChain(seed, 20, perHour)
		var past [][][168]int
		for range CrisisWeeks {
			past = append(past, chain.week())
		}
		now := chain.week()
		weeks++
		for hour := range 168 {
			if signals := Crisis(beatsOf(chain.rng, now, hour, monday), seasonsAt(past, hour)); len(signals) > 0 {
				alarmed++
				t.Logf("seed %d, %g an hour: %+v", seed, perHour, signals[0])
				break
			}
		}
	}
	if float64(alarmed) > 0.05*float64(weeks) {
		t.Fatalf("%d of %d quiet weeks had an alarm", alarmed, weeks)
	}
}

// A burst of 30 in 5 minutes, on top of what is usual, is noticed within a
// minute of its first event where the chain is not loud itself, and always found.
func TestBurstIsNoticedWithinAMinute(t *testing.T) {
	for _, perHour := range []float64{0, 0.2, 2, 6} {
		for seed := range uint64(10) {
			chain := newQuietChain(seed, 20, perHour)
			var past [][][168]int
			for range CrisisWeeks {
				past = append(past, chain.week())
			}
			hour := int(seed*17+3) % 168
			begin := monday.Add(time.Duration(hour)*time.Hour + 20*time.Minute)
			quiet := beatsOf(chain.rng, chain.week(), hour, monday)
			noticed := time.Duration(-1)
			for after := time.Duration(0); after <= 6*time.Minute && noticed < 0; after += 5 * time.Second {
				var beats []Beat
				for _, b := range quiet {
					if b.At.Before(begin.Add(after)) {
						beats = append(beats, b)
					}
				}
				for i := range 30 {
					if at := time.Duration(i) * 10 * time.Second; at <= after {
						beats = append(beats, Beat{At: begin.Add(at), Location: "store-003", Count: 1})
					}
				}
				if len(Crisis(beats, seasonsAt(past, hour))) > 0 {
					noticed = after
				}
			}
			if noticed < 0 || noticed > time.Minute {
				t.Errorf("%g an hour, seed %d: noticed after %v", perHour, seed, noticed)
			}
		}
	}
}

// Without any history a burst is one all the same, and a few complaints are not.
func TestCrisisWithoutHistory(t *testing.T) {
	var beats []Beat
	for i := range 4 {
		beats = append(beats, Beat{At: monday.Add(time.Duration(i) * time.Second), Location: "a", Count: 1})
	}
	if got := Crisis(beats, nil); len(got) != 0 {
		t.Fatalf("four complaints are a crisis: %+v", got)
	}
	for i := range 26 {
		beats = append(beats, Beat{At: monday.Add(time.Duration(10*i) * time.Second), Count: 1})
	}
	got := Crisis(beats, nil)
	if len(got) != 1 || got[0].Cell.Location != "" || got[0].Observed < 25 {
		t.Fatalf("a burst without places: %+v", got)
	}
	if got[0].Since.Before(monday) || got[0].Until.Before(got[0].Since) {
		t.Fatalf("times: %+v", got[0])
	}
}

// The same rate as every week is no crisis, however high it is.
func TestLoudChainIsNoCrisis(t *testing.T) {
	season := []Season{{Past: []int{610, 590, 600, 620, 580, 605, 600, 595}, PerHour: 600}}
	var beats []Beat
	for i := range 600 {
		beats = append(beats, Beat{At: monday.Add(time.Duration(6*i) * time.Second), Count: 1})
	}
	if got := Crisis(beats, season); len(got) != 0 {
		t.Fatalf("%+v", got)
	}
	for i := range 60 {
		beats = append(beats, Beat{At: monday.Add(20*time.Minute + time.Duration(i)*time.Second), Count: 1})
	}
	if got := Crisis(beats, season); len(got) != 1 {
		t.Fatalf("six times the usual for a minute is none: %+v", got)
	}
}
