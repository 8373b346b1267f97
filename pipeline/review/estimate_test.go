package review

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// tagger is a simulated one over texts whose truth is known.
type tagger struct {
	prevalence, precision, recall float64
	reviewed                      uint64 // of each stratum
}

// strata are what it makes of n texts, and what a person says of a sample. The
// truth is that of these texts.
func (g tagger) strata(rng *rand.Rand, n int) (tagged, untagged Stratum, share, recall float64) {
	there := binomial(rng, n, g.prevalence)
	found := binomial(rng, there, g.recall)
	// Of the tagged texts the share `precision` is right.
	falseRate := g.prevalence * g.recall * (1/g.precision - 1) / (1 - g.prevalence)
	wrong := binomial(rng, n-there, falseRate)
	tagged = draw(rng, found, wrong, g.reviewed)
	untagged = draw(rng, there-found, n-there-wrong, g.reviewed)
	return tagged, untagged, float64(there) / float64(n), float64(found) / float64(there)
}

func binomial(rng *rand.Rand, n int, p float64) int {
	k := 0
	for range n {
		if rng.Float64() < p {
			k++
		}
	}
	return k
}

// draw samples without replacement from yes and no texts.
func draw(rng *rand.Rand, yes, no int, reviewed uint64) Stratum {
	s := Stratum{Texts: uint64(yes + no), Reviewed: min(reviewed, uint64(yes+no))}
	for range s.Reviewed {
		if rng.IntN(yes+no) < yes {
			yes--
			s.Yes++
		} else {
			no--
		}
	}
	return s
}

func covers(s *Share, truth float64) bool { return s != nil && s.Low <= truth && truth <= s.High }

// TestIntervalsCoverTheTruth simulates taggers whose precision and recall are
// known: over all of them 95 % of the intervals must hold the true share and recall. In
// a single one the level may lie lower: with two or three missed texts among a
// hundred answers, that of any interval jumps with the counts.
func TestIntervalsCoverTheTruth(t *testing.T) {
	const runs, texts = 250, 4000
	var shares, recalls, all int
	for _, g := range []tagger{
		{prevalence: .2, precision: .9, recall: .7, reviewed: 100},
		{prevalence: .2, precision: .6, recall: .6, reviewed: 50},
		{prevalence: .05, precision: .8, recall: .5, reviewed: 100},
		{prevalence: .05, precision: .95, recall: .9, reviewed: 50},
		{prevalence: .4, precision: .85, recall: .85, reviewed: 25},
		{prevalence: .1, precision: .7, recall: .4, reviewed: 200},
	} {
		rng := rand.New(rand.NewPCG(7, uint64(1000*g.prevalence+g.recall*10)))
		share, recall := 0, 0
		for range runs {
			tagged, untagged, trueShare, trueRecall := g.strata(rng, texts)
			e := Of(tagged, untagged)
			if covers(e.Corrected, trueShare) {
				share++
			}
			if covers(e.Recall, trueRecall) {
				recall++
			}
		}
		t.Logf("%+v: share %.3f, recall %.3f", g, float64(share)/runs, float64(recall)/runs)
		if least := 0.87; float64(share) < least*runs || float64(recall) < least*runs {
			t.Errorf("%+v: the share was covered in %d, the recall in %d of %d runs", g, share, recall, runs)
		}
		shares, recalls, all = shares+share, recalls+recall, all+runs
	}
	for name, covered := range map[string]int{"share": shares, "recall": recalls} {
		if rate := float64(covered) / float64(all); rate < .93 || rate > .98 {
			t.Errorf("%s: covered in %.1f %% of all runs", name, 100*rate)
		}
	}
}

func TestOf(t *testing.T) {
	show := func(s *Share) string {
		if s == nil {
			return "-"
		}
		return fmt.Sprintf("%.3f", s.Value)
	}
	for name, c := range map[string]struct {
		tagged, untagged             Stratum
		precision, recall, corrected string
	}{
		"none":                {Stratum{}, Stratum{}, "-", "-", "-"},
		"no answers":          {Stratum{Texts: 100}, Stratum{Texts: 900}, "-", "-", "-"},
		"tagged only":         {Stratum{100, 20, 18}, Stratum{Texts: 900}, "0.900", "-", "-"},
		"by hand":             {Stratum{100, 20, 18}, Stratum{900, 30, 3}, "0.900", "0.500", "0.180"},
		"nothing missed":      {Stratum{100, 20, 18}, Stratum{900, 30, 0}, "0.900", "1.000", "0.090"},
		"the topic is absent": {Stratum{100, 20, 0}, Stratum{900, 30, 0}, "0.000", "-", "0.000"},
		"never tagged":        {Stratum{}, Stratum{900, 30, 3}, "-", "0.000", "0.100"},
		"always tagged":       {Stratum{100, 20, 5}, Stratum{}, "0.250", "1.000", "0.250"},
	} {
		e := Of(c.tagged, c.untagged)
		if show(e.Precision) != c.precision || show(e.Recall) != c.recall || show(e.Corrected) != c.corrected {
			t.Errorf("%s: precision %s, recall %s, corrected %s; expected %s, %s, %s", name,
				show(e.Precision), show(e.Recall), show(e.Corrected), c.precision, c.recall, c.corrected)
		}
	}
}

// TestPrecisionInterval compares with the table of Brown, Cai and DasGupta (2001,
// p. 114): Jeffreys' interval of 1 and of 5 out of 10.
func TestPrecisionInterval(t *testing.T) {
	for _, c := range []struct {
		yes       uint64
		low, high float64
	}{{0, 0, .217}, {1, .011, .381}, {5, .224, .776}} {
		s := Stratum{Texts: 10, Reviewed: 10, Yes: c.yes}.share()
		if math.Abs(s.Low-c.low) > .001 || math.Abs(s.High-c.high) > .001 {
			t.Errorf("%d of 10: %.3f to %.3f, expected %.3f to %.3f", c.yes, s.Low, s.High, c.low, c.high)
		}
	}
}

func TestEstimateProperties(t *testing.T) {
	stratum := rapid.Custom(func(t *rapid.T) Stratum {
		texts := rapid.Uint64Range(0, 1e6).Draw(t, "texts")
		reviewed := rapid.Uint64Range(0, min(texts, 300)).Draw(t, "reviewed")
		return Stratum{texts, reviewed, rapid.Uint64Range(0, reviewed).Draw(t, "yes")}
	})
	rapid.Check(t, func(t *rapid.T) {
		tagged, untagged := stratum.Draw(t, "tagged"), stratum.Draw(t, "untagged")
		e := Of(tagged, untagged)
		for _, s := range []*Share{e.Precision, e.Recall, e.Corrected} {
			if s != nil && !(0 <= s.Low && s.Low <= s.Value && s.Value <= s.High && s.High <= 1) {
				t.Errorf("%+v", *s)
			}
		}
		if again := Of(tagged, untagged); (again.Corrected == nil) != (e.Corrected == nil) || e.Corrected != nil && *again.Corrected != *e.Corrected {
			t.Error("the same answers gave another interval")
		}
	})
}
