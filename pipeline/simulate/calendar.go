package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// city is where some of the chain's locations are; it decides their clock.
type city struct {
	name     string
	area     string // telephone area code
	standard int    // hours from UTC in winter
	summer   bool   // keeps daylight saving time by the North American rule
}

var cities = []city{
	{"Boston", "617", -5, true}, {"Chicago", "312", -6, true}, {"Denver", "720", -7, true}, {"Phoenix", "602", -7, false},
	{"Seattle", "206", -8, true}, {"Austin", "512", -6, true}, {"Montreal", "514", -5, true}, {"Miami", "305", -5, true},
}

// zone is the city's clock at t, as a fixed offset. Summer time runs from the
// second Sunday of March to the first Sunday of November, 02:00 local.
func (c city) zone(t time.Time) (hours int) {
	if !c.summer {
		return c.standard
	}
	year := t.UTC().Year()
	from := sunday(year, time.March, 8).Add(time.Duration(2-c.standard) * time.Hour)
	to := sunday(year, time.November, 1).Add(time.Duration(1-c.standard) * time.Hour)
	if t.Before(from) || !t.Before(to) {
		return c.standard
	}
	return c.standard + 1
}

// sunday returns the first Sunday on or after the day of the month, 00:00 UTC.
func sunday(year int, month time.Month, day int) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return t.AddDate(0, 0, (7-int(t.Weekday()))%7)
}

// place is one restaurant.
type place struct {
	id   string
	city int
	size float64 // traffic against an average location
	care float64 // complaints against an average location: some are run better
}

func newPlaces(n int, rng *rand.Rand) []place {
	places := make([]place, n)
	for i := range places {
		places[i] = place{
			id:   fmt.Sprintf("store-%03d", i+1),
			city: i % len(cities),
			size: math.Exp(0.3 * rng.NormFloat64()),
			care: math.Exp(0.12 * rng.NormFloat64()),
		}
	}
	return places
}

// Guests by local hour, on working days and at the weekend: two meal peaks, a
// late weekend breakfast, and the little that comes in online while closed.
var (
	weekdayCurve = [24]float64{.12, .06, .03, .03, .03, .06, .25, .7, 1, .8, .7, 1.6, 3.2, 2.9, 1.3, .8, .9, 1.8, 3, 2.8, 1.7, 1, .6, .3}
	weekendCurve = [24]float64{.2, .1, .05, .03, .03, .05, .15, .5, 1.1, 1.8, 2.2, 2.5, 3, 2.8, 1.8, 1.2, 1.2, 2.1, 3.3, 3.1, 2.1, 1.3, .8, .4}
	// Monday to Sunday.
	weekdayLift = [7]float64{.85, .85, .92, 1, 1.2, 1.35, 1.15}
)

const opening, closing = 7, 23 // local hours

// isoWeekday counts Monday as 1 and Sunday as 7.
func isoWeekday(t time.Time) int {
	return (int(t.Weekday())+6)%7 + 1
}

// traffic is the expected number of guests in the local hour, without unit.
func traffic(local time.Time) float64 {
	day := isoWeekday(local)
	curve := &weekdayCurve
	if day >= 6 {
		curve = &weekendCurve
	}
	return curve[local.Hour()] * weekdayLift[day-1]
}

// peak tells whether the local hour is one of a restaurant's meal rushes.
func peak(local time.Time) bool {
	switch local.Hour() {
	case 12, 13, 18, 19:
		return true
	}
	return false
}

// hourly holds what is fixed for one hour of the whole chain.
type hourly struct {
	start time.Time
	zones []*time.Location // by city
	cum   []float64        // cumulative traffic by place
}

func (h *hourly) total() float64 { return h.cum[len(h.cum)-1] }

// pick draws the index of a place by its traffic.
func (h *hourly) pick(rng *rand.Rand) int {
	x := rng.Float64() * h.total()
	low, high := 0, len(h.cum)-1
	for low < high {
		mid := (low + high) / 2
		if h.cum[mid] <= x {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// load fills h for the hour that starts at t.
func (c *Chain) load(h *hourly, t time.Time) {
	h.start = t
	h.zones, h.cum = h.zones[:0], h.cum[:0]
	for _, city := range cities {
		h.zones = append(h.zones, c.zones[city.zone(t)+zoneBase])
	}
	day := t.Sub(c.opts.Start) / (24 * time.Hour)
	var sum float64
	for i, p := range c.places {
		sum += traffic(t.In(h.zones[p.city])) * p.size * c.mood(i, int(day)) * c.facts.crowd(i, t)
		h.cum = append(h.cum, sum)
	}
}

// mood is a place's luck with traffic on one day: weather, a match, a road works.
func (c *Chain) mood(place, day int) float64 {
	x := mix(c.opts.Seed ^ uint64(place)<<32 ^ uint64(day))
	return 0.8 + 0.4*float64(x>>11)/(1<<53)
}

// zoneBase is the index of UTC in Chain.zones, which run from UTC-12 on.
const zoneBase = 12

func newZones() []*time.Location {
	zones := make([]*time.Location, 2*zoneBase)
	for i := range zones {
		zones[i] = time.FixedZone("", (i-zoneBase)*3600)
	}
	return zones
}

// mix is the finaliser of SplitMix64 (Steele et al. 2014): a bijection whose
// values look random.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
