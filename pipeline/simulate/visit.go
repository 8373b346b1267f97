package simulate

import (
	"math"
	"math/rand/v2"
	"time"
)

type orderKind int

const (
	orderDineIn orderKind = iota
	orderCounter
	orderPickup
	orderDelivery
)

var orderNames = [...]string{"dine_in", "counter", "pickup", "delivery"}

const agentsPerPlace = 6

var partners = []string{"Zippa", "QuickFork", "Dashwell"}

const spoiledProduct = "chicken caesar wrap"

var products = []string{
	"brisket sandwich", "tomato basil soup", "chicken pot pie", spoiledProduct, "turkey melt", "harvest bowl", "mac and cheese",
	"veggie chili", "kale salad", "smash burger", "fish taco plate", "breakfast burrito", "bacon club", "lobster roll", "kids grilled cheese",
}

// visit is what happened to one guest and how they speak of it: an event
// before it has words.
type visit struct {
	at       time.Time // local
	place    int
	order    orderKind
	product  string
	agent    int // 1 + index among the place's agents, 0 if not known
	partner  int // 1 + index of the delivery partner, 0 if not delivered
	channel  channel
	platform string
	customer int // -1: anonymous
	language int // index into languages
	mentions []mention
	offTopic bool
	feeling  float64 // -1..1: the scores follow it
}

func (v *visit) complaints() int {
	n := 0
	for _, m := range v.mentions {
		if m.negative {
			n++
		}
	}
	return n
}

// newVisit draws a visit in the hour h.
func (c *Chain) newVisit(h *hourly) visit {
	rng := c.rng
	place := h.pick(rng)
	zone := h.zones[c.places[place].city]
	v := visit{place: place, at: h.start.Add(time.Duration(rng.IntN(3600)) * time.Second).In(zone), customer: -1}
	v.order = orderKind(weighted(rng, 34, 24, 20, 22))
	if v.order == orderDelivery {
		v.partner = 1 + rng.IntN(len(partners))
	} else if rng.Float64() < 0.5 {
		v.agent = 1 + rng.IntN(agentsPerPlace)
	}
	if rng.Float64() < 0.7 {
		v.product = products[skewed(rng, len(products))]
	}
	if f := c.facts.spoiled; rng.Float64() < 0.3 {
		if here := v; here.with(spoiledProduct, f) {
			v.product = spoiledProduct
		}
	}
	if rng.Float64() < 0.025 {
		v.offTopic = true
	} else {
		c.experience(&v)
	}
	c.speak(&v)
	return v
}

// with tells whether the visit, had it been about the product, is inside f.
func (v *visit) with(product string, f *planted) bool {
	v.product = product
	return f.covers(v)
}

// experience decides what the guest has to complain about or to praise.
func (c *Chain) experience(v *visit) {
	rng := c.rng
	care := c.places[v.place].care
	for i := range topics {
		t := &topics[i]
		if !t.fits(v) {
			continue
		}
		p := t.negative * care * c.facts.factor(i, v)
		if peak(v.at) {
			p *= t.rush
		}
		if rng.Float64() < min(p, 0.9) {
			v.mentions = append(v.mentions, mention{i, true})
		}
	}
	rng.Shuffle(len(v.mentions), func(i, j int) { v.mentions[i], v.mentions[j] = v.mentions[j], v.mentions[i] })
	v.mentions = v.mentions[:min(len(v.mentions), 3)]
	bad := len(v.mentions)
	switch {
	case bad == 0 && rng.Float64() < 0.74:
		c.praise(v)
		if rng.Float64() < 0.4 {
			c.praise(v)
		}
	case bad > 0 && bad < 3 && rng.Float64() < 0.2:
		c.praise(v)
	}
	v.feeling = feeling(bad, len(v.mentions)-bad) + 0.16*rng.NormFloat64()
	v.feeling = max(-1, min(1, v.feeling))
}

// feeling is the mean satisfaction after so many bad and good moments.
func feeling(bad, good int) float64 {
	x := 0.08
	if good > 0 {
		x += 0.45 + 0.15*float64(good)
	}
	if bad > 0 {
		x -= 0.55 + 0.2*float64(bad)
	}
	return x
}

// praise adds one positive mention of a topic not mentioned yet.
func (c *Chain) praise(v *visit) {
	var weights [32]float64
	for i := range topics {
		if topics[i].fits(v) {
			weights[i] = topics[i].positive
		}
	}
	for _, m := range v.mentions {
		weights[m.topic] = 0
	}
	v.mentions = append(v.mentions, mention{weighted(c.rng, weights[:len(topics)]...), false})
}

// speak picks the channel, who speaks and in which language.
func (c *Chain) speak(v *visit) {
	rng := c.rng
	mood := 1 // of channelWeights
	switch {
	case v.complaints() > 0:
		mood = 0
	case len(v.mentions) > 0:
		mood = 2
	}
	v.channel = channel(weighted(rng, channelWeights[mood][:]...))
	open := v.at.Hour() >= opening && v.at.Hour() < closing
	if away := v.channel == phone || v.channel == inPerson; away && (!open || v.order == orderDelivery) {
		v.channel = survey
	}
	v.platform = platforms[v.channel][skewed(rng, len(platforms[v.channel]))]
	if anonymous := anonymousShare[v.channel]; rng.Float64() >= anonymous {
		v.customer = c.guests.pick(v.place, rng)
	}
	if rng.Float64() < 0.035 {
		v.language = 1 + skewed(rng, len(languages)-1)
	}
}

// weighted draws an index by weight.
func weighted(rng *rand.Rand, weights ...float64) int {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	x := rng.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// skewed draws from 0..n-1, small numbers more often.
func skewed(rng *rand.Rand, n int) int {
	return int(float64(n) * math.Pow(rng.Float64(), 1.6))
}
