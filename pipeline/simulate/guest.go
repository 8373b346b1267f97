package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"earshot/pipeline"
)

// guests is the chain's circle of customers. Nothing of them is stored: each is
// a function of the seed, their number and the day.
type guests struct {
	seed   uint64
	count  int
	places []place
	start  time.Time
	days   int
}

// pick draws a customer for a visit to the place: mostly one who lives there,
// and a few of them most of the time (a power law).
func (g *guests) pick(home int, rng *rand.Rand) int {
	if rng.Float64() < 0.1 {
		home = rng.IntN(len(g.places))
	}
	perPlace := max(1, g.count/len(g.places))
	rank := int(float64(perPlace) * math.Pow(rng.Float64(), 2.6))
	return rank*len(g.places) + home
}

// rank is the customer's place in the order of how often they come, 0..1.
func (g *guests) rank(guest int) float64 {
	return float64(guest/len(g.places)) / float64(max(1, g.count/len(g.places)))
}

var (
	firstNames = strings.Fields(`Maria James Aisha Daniel Sofia Noah Emma Liam Olivia Ethan Chloe Lucas Priya Hannah Omar Grace Diego Yuki Nora Samuel
		Fatima Ben Carla Kevin Ines Tom Zoe Marcus Leah Victor Anna Dylan Rosa Peter Mei Jack Tara Hugo Ruth Felix Nadia Owen Camila Raj Ellen Patrick
		Beatriz Simon Keisha Andre Wendy Malik Julia Gavin Paula Isaac Linh Teresa Colin Dana`)
	lastNames = strings.Fields(`Nguyen Garcia Smith Patel Johnson Kim Brown Rossi Martinez Lee Davis Cohen Wilson Tremblay Okafor Larsen Moore Silva
		Khan Murphy Thompson Alvarez Novak Clark Hughes Dubois Reyes Baker Singh Foster Tanaka Bell Romano Walker Haddad Price Gagnon Ortiz Ward Fischer
		Young Mendes Hayes Costa Reed Ivanov Brooks Ali Perry Santos Grant Weber Cole Jensen Fox Russo Lane Mbeki Shaw Ortega`)
	mailHosts = []string{"gmail.example", "mail.example", "outlook.example", "inbox.example"}
)

// segments by rank: the few who come all the time, down to those who came once.
var segments = []struct {
	upTo  float64
	name  string
	value float64 // typical spend a year
}{{.03, "vip", 2600}, {.22, "regular", 900}, {.6, "occasional", 240}, {2, "new", 60}}

// customer describes the guest as the chain's systems know them at t: about one
// in eight moves to another mail address, phone number or name on some day.
func (g *guests) customer(guest int, t time.Time, ch channel) *pipeline.Customer {
	// The generator is local so that a customer does not depend on the order of events.
	rng := rand.New(rand.NewPCG(g.seed, uint64(guest)))
	first, last := pick(rng, firstNames), pick(rng, lastNames)
	host, number := pick(rng, mailHosts), rng.IntN(10000)
	out := &pipeline.Customer{ID: fmt.Sprintf("c-%06d", guest+1)}
	moved := g.start.Add(time.Duration(rng.Float64() * float64(g.days) * float64(24*time.Hour)))
	if change := rng.IntN(24); change < 3 && t.After(moved) {
		switch change {
		case 0:
			last = pick(rng, lastNames)
		case 1:
			host, number = pick(rng, mailHosts), rng.IntN(10000)
		case 2:
			number = rng.IntN(10000)
		}
	}
	out.Name = first + " " + last
	rank := g.rank(guest)
	for _, s := range segments {
		if rank < s.upTo {
			value := math.Round(s.value * math.Exp(0.4*rng.NormFloat64()))
			out.Segment, out.Value = s.name, &value
			break
		}
	}
	// A review site or social network hands over no contact data.
	if ch == review || ch == social {
		return out
	}
	hasMail, hasPhone := rng.Float64() < 0.9, rng.Float64() < 0.7
	if hasMail || ch == email {
		out.Email = fmt.Sprintf("%s.%s%d@%s", strings.ToLower(first), strings.ToLower(last), number%100, host)
	}
	if hasPhone || ch == phone || ch == sms {
		area := cities[g.places[guest%len(g.places)].city].area
		out.Phone = fmt.Sprintf("+1-%s-555-%04d", area, number)
	}
	return out
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
