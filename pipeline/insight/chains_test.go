package insight_test

import (
	"context"
	"flag"
	"slices"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/insight"
	"earshot/pipeline/simulate"
)

var (
	chains     = flag.Int("chains", 1, "how many simulated chains TestChains mines")
	firstChain = flag.Uint64("first-chain", 0, "number of the first of them")
)

// TestChains goes the way of the words: a simulated chain's texts are analysed,
// and what is planted in them must be found by what they say.
func TestChains(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses tens of thousands of texts")
	}
	analyzer, err := pipeline.NewTextAnalyzer(pipeline.AnalyzerOptions{Pack: "restaurant"})
	if err != nil {
		t.Fatal(err)
	}
	planted, found, claims, wrong := 0, 0, 0, 0
	for seed := range uint64(*chains) {
		seed += *firstChain
		chain, err := simulate.New(simulate.Options{Seed: seed + 1, Days: 180, Locations: 20, Events: 40_000, Start: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		findings, err := insight.Mine(context.Background(), observe(chain, analyzer), insight.Options{})
		if err != nil {
			t.Fatal(err)
		}
		truth := chain.Truth()
		for _, f := range truth.Facts {
			if f.Name != "slow_peak" {
				continue
			}
			for _, place := range f.Locations {
				planted++
				if slices.ContainsFunc(findings, func(x insight.Finding) bool { return names(x, f, place) }) {
					found++
				} else {
					t.Logf("chain %d: %s at %s is missed", seed, f.Name, place)
				}
			}
		}
		for _, x := range findings {
			claims++
			if !slices.ContainsFunc(truth.Facts, func(f simulate.Fact) bool { return explains(f, x) }) {
				wrong++
				t.Logf("chain %d: q %.2g %s", seed, x.Q, x.Sentence)
			}
		}
	}
	t.Logf("%d of %d slow locations found; %d of %d findings are not planted", found, planted, wrong, claims)
	if found*10 < planted*6 {
		t.Error("too few are found")
	}
}

// observe is what the table would hold of the chain.
func observe(chain *simulate.Chain, analyzer *pipeline.TextAnalyzer) *insight.Table {
	var events []pipeline.Event
	seen := map[string]bool{}
	for e := range chain.Events {
		if !seen[e.ID] {
			seen[e.ID] = true
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, func(a, b pipeline.Event) int { return a.OccurredAt.Compare(b.OccurredAt) })
	table := new(insight.Table)
	for i := range events {
		e := &events[i]
		local := pipeline.LocalTime(e, nil)
		o := insight.Observation{Day: e.OccurredAt, HourOfWeek: uint8((int(local.Weekday())+6)%7*24 + local.Hour())}
		o.Values = [5]string{e.Location, e.Source, e.Product, e.Team, ""}
		if e.Customer != nil {
			o.Values[insight.Segment] = e.Customer.Segment
		}
		if e.Survey != nil && e.Survey.NPS != nil {
			nps := uint8(*e.Survey.NPS)
			o.NPS = &nps
		}
		for _, m := range analyzer.Analyze(e).Topics {
			if m.Sentiment == pipeline.Negative {
				o.Negative = append(o.Negative, m.Topic)
			}
		}
		table.Add(o)
	}
	return table
}

// names says whether a finding tells of a planted window at a place: six tenths
// of the hours of both are common.
func names(x insight.Finding, f simulate.Fact, place string) bool {
	if x.Topic != f.Topic || x.Location == nil || *x.Location != place || x.Hours == nil {
		return false
	}
	both := common(x.Weekdays, f.Weekdays) * common(x.Hours, f.Hours)
	return float64(both) >= 0.6*float64(len(x.Weekdays)*len(x.Hours)+len(f.Weekdays)*len(f.Hours)-both)
}

func common(a, b []int) (n int) {
	for _, v := range a {
		if slices.Contains(b, v) {
			n++
		}
	}
	return n
}

// explains says whether a finding is about a planted fact: its topic, and one of
// its places if it has any.
func explains(f simulate.Fact, x insight.Finding) bool {
	return x.Topic == f.Topic && (len(f.Locations) == 0 || x.Location == nil || slices.Contains(f.Locations, *x.Location))
}
