package insight

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// answersWorld draws answers whose causes are known.
type answersWorld struct {
	random *rand.Rand
	stores int
	// by period
	complain [2]map[string]float64 // chance of a complaint about a topic
	cost     [2]map[string]float64 // what a complaint does to the chance of a good answer, and of a bad one
	survey   [2]float64            // share of the kinder channel
	mood     [2]float64            // added to everybody's chance of a good answer
	// the harsh channel
	harsh   float64 // less chance of a good answer there
	grumble float64 // factor on complaints there
}

func newAnswersWorld(seed uint64) *answersWorld {
	w := &answersWorld{random: rand.New(rand.NewPCG(seed, 3)), stores: 6, survey: [2]float64{.6, .6}, harsh: .15, grumble: 2}
	for t := range w.complain {
		w.complain[t] = map[string]float64{"service.speed": .08, "food.taste": .06, "price": .05, "staff": .03, "app": .02}
		w.cost[t] = map[string]float64{"service.speed": .3, "food.taste": .4, "price": .1, "staff": .2, "app": 0}
	}
	return w
}

func (w *answersWorld) topics() []string {
	return []string{"service.speed", "food.taste", "price", "staff", "app"}
}

// answer draws one answer of a period.
func (w *answersWorld) answer(t int) Answer {
	r := w.random
	a := Answer{Group: uint8(r.IntN(JackknifeGroups)), Channel: "survey", Location: fmt.Sprintf("store-%d", r.IntN(w.stores))}
	good, grumble := .55+w.mood[t], 1.
	if r.Float64() >= w.survey[t] {
		a.Channel = "review"
		good, grumble = good-w.harsh, w.grumble
	}
	if a.Location == "store-0" {
		good -= .1
	}
	for _, topic := range w.topics() {
		if r.Float64() < w.complain[t][topic]*grumble {
			a.Negative = append(a.Negative, topic)
			good -= w.cost[t][topic]
		}
	}
	if r.Float64() < .1 {
		a.Positive = append(a.Positive, "food.taste")
		good += .1
	}
	u := r.Float64()
	switch {
	case u < good:
		a.Value = 1
	case u > good+.2:
		a.Value = -1
	}
	return a
}

func (w *answersWorld) panel(each int) *Panel {
	p := new(Panel)
	for t := range 2 {
		for range each {
			p.Add(t == 1, w.answer(t))
		}
	}
	return p
}

func explain(t testing.TB, p *Panel) *KPIChange {
	t.Helper()
	c, err := Explain(p, NPS, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// part finds a part among those told and noise.
func (c *KPIChange) part(kind, name string) ChangePart {
	for _, p := range append(append([]ChangePart{}, c.Parts...), c.Noise...) {
		if p.Kind == kind && p.Name == name {
			return p
		}
	}
	return ChangePart{}
}

func TestMoreComplaintsAreTold(t *testing.T) {
	w := newAnswersWorld(1)
	w.complain[1]["service.speed"] = .2
	c := explain(t, w.panel(8000))
	t.Log(c.Sentence)
	if len(c.Parts) == 0 || c.Parts[0].Name != "service.speed" || c.Parts[0].Points > -5 {
		t.Fatalf("%+v", c.Parts)
	}
	if p := c.Parts[0]; math.Abs(*p.Complaints) < 4*math.Abs(*p.Severity) || *p.ShareTo < 1.8**p.ShareFrom {
		t.Errorf("more complaints are told as something else: %v %v, share %v to %v", *p.Complaints, *p.Severity, *p.ShareFrom, *p.ShareTo)
	}
}

func TestWorseAnswersWithTheSameComplaintsAreSeverity(t *testing.T) {
	w := newAnswersWorld(2)
	w.complain[0]["service.speed"], w.complain[1]["service.speed"] = .15, .15
	w.cost[0]["service.speed"], w.cost[1]["service.speed"] = .1, .4
	p := explain(t, w.panel(8000)).part(TopicPart, "service.speed")
	if *p.Severity > -5 || math.Abs(*p.Complaints) > 2.5 {
		t.Errorf("complaints %v, severity %v", *p.Complaints, *p.Severity)
	}
}

// TestMixIsNoTopic moves answers to the channel where people complain more and
// answer worse: nothing became worse anywhere (Simpson's paradox).
func TestMixIsNoTopic(t *testing.T) {
	for seed := range uint64(10) {
		w := newAnswersWorld(seed)
		w.survey[1] = .2
		c := explain(t, w.panel(8000))
		if c.Points > -5 || c.Parts[0].Kind != MixPart || c.Parts[0].Name != "channels" {
			t.Fatalf("%s", c.Sentence)
		}
		for _, p := range c.Parts {
			if p.Kind == TopicPart {
				t.Errorf("seed %d: a topic is blamed: %s", seed, c.Sentence)
			}
		}
		if gone := c.Points - c.Parts[0].Points; math.Abs(gone) > 3 {
			t.Errorf("seed %d: mix explains all but %.1f: %s", seed, gone, c.Sentence)
		}
	}
}

func TestNothingChanged(t *testing.T) {
	told := 0
	for seed := range uint64(40) {
		for _, p := range explain(t, newAnswersWorld(seed).panel(2000)).Parts {
			if p.Kind != NoisePart {
				told++
			}
		}
	}
	if told > 5 { // 2 are due
		t.Errorf("%d parts stand out in 40 changes that are chance", told)
	}
}

// TestPartsAddUp holds for any answers, however odd.
func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, sums, counts := new(Panel), [2]float64{}, [2]float64{}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		stores, topics := rapid.IntRange(1, 60).Draw(t, "stores"), rapid.IntRange(1, 12).Draw(t, "topics")
		shift := rapid.IntRange(0, 10).Draw(t, "shift")
		for i := range rapid.IntRange(2*MinChangeAnswers, 900).Draw(t, "answers") {
			later := i%2 == 1
			a := Answer{Group: uint8(r.IntN(JackknifeGroups)), Value: int8(r.IntN(3) - 1), Location: fmt.Sprint(r.IntN(stores)), Segment: strings.Repeat("x", r.IntN(3))}
			if later && r.IntN(10) < shift {
				a.Channel = "new"
				a.Value = 1
			}
			for k := range topics {
				if r.IntN(k+2) == 0 {
					a.Negative = append(a.Negative, fmt.Sprint("topic", k))
				} else if r.IntN(4) == 0 {
					a.Positive = append(a.Positive, fmt.Sprint("topic", k))
				}
			}
			p.Add(later, a)
			sums[i%2] += float64(a.Value)
			counts[i%2]++
		}
		c, err := Explain(p, CSAT, nil)
		if err != nil {
			t.Fatal(err)
		}
		total := 0.
		for _, part := range c.Parts {
			total += part.Points
		}
		want := 100 * (sums[1]/counts[1] - sums[0]/counts[0])
		if math.Abs(c.Points-want) > 1e-9 || math.Abs(total-want) > 1e-9 || math.Abs(c.To.Value-c.From.Value-want) > 1e-9 {
			t.Fatalf("the parts add up to %v, the change is %v of %v", total, c.Points, want)
		}
	})
}

// TestRestIsTheCoefficientOfThePeriod is the identity behind the sum: the rest is
// not what was left over but what the full regression says of the period itself.
func TestRestIsTheCoefficientOfThePeriod(t *testing.T) {
	w := newAnswersWorld(4)
	w.survey[1], w.complain[1]["staff"], w.mood[1] = .4, .1, -.1
	d := newDesign(w.panel(3000), true)
	g := total(d.grams(w.panel(3000)), func(int) bool { return true })
	s := d.split(g)
	if rest := 100 * newSolver(g, d.width).coefficients(g.y())[periodColumn]; math.Abs(rest-s.rest) > 1e-4 {
		t.Errorf("rest %v, coefficient %v", s.rest, rest)
	}
}

func TestTooFewAnswers(t *testing.T) {
	if _, err := Explain(newAnswersWorld(1).panel(MinChangeAnswers-1), NPS, nil); err != ErrFewAnswers {
		t.Error(err)
	}
}

// TestChangeIntervals counts how often the intervals of the change and its parts
// hold what very large worlds say.
func TestChangeIntervals(t *testing.T) {
	world := func(seed uint64) *answersWorld {
		w := newAnswersWorld(seed)
		w.complain[1]["service.speed"], w.cost[1]["food.taste"] = .13, .5
		w.survey[1], w.mood[1] = .45, -.03
		return w
	}
	truth := explain(t, world(1).panel(1_000_000))
	t.Log(truth.Sentence)
	held, of := 0, 0
	count := func(low, high, want float64) {
		if of++; low <= want && want <= high {
			held++
		}
	}
	for seed := range uint64(2 * *coverage) {
		c := explain(t, world(100+seed).panel(2000))
		count(c.Low, c.High, truth.Points)
		for _, p := range append(append([]ChangePart{}, truth.Parts...), truth.Noise...) {
			if p.Kind == NoisePart { // of other parts in each world
				continue
			}
			if got := c.part(p.Kind, p.Name); got.Kind != "" {
				count(got.Low, got.High, p.Points)
			}
		}
	}
	checkCoverage(t, held, of)
}
