package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"earshot/pipeline"
)

// ratingFlags are what came with a text.
type ratingFlags struct {
	stars     float64
	csat, nps int
}

func (f *ratingFlags) add(flags *pflag.FlagSet) {
	flags.Float64Var(&f.stars, "rating", 0, "stars, 1..5, that came with it: judged together with the text")
	flags.IntVar(&f.csat, "csat", 0, "CSAT, 1..5, that came with it")
	flags.IntVar(&f.nps, "nps", 0, "NPS, 0..10, that came with it")
}

// apply gives the event the answers that are set.
func (f *ratingFlags) apply(flags *pflag.FlagSet, e *pipeline.Event) error {
	e.Survey = new(pipeline.Survey)
	if flags.Changed("rating") {
		if !(f.stars >= 1 && f.stars <= 5) {
			return usagef("--rating %v: expected 1 to 5", f.stars)
		}
		e.Rating = &f.stars
	}
	if flags.Changed("csat") {
		if f.csat < 1 || f.csat > 5 {
			return usagef("--csat %d: expected 1 to 5", f.csat)
		}
		e.Survey.CSAT = &f.csat
	}
	if flags.Changed("nps") {
		if f.nps < 0 || f.nps > 10 {
			return usagef("--nps %d: expected 0 to 10", f.nps)
		}
		e.Survey.NPS = &f.nps
	}
	return nil
}

// explainJoint tells what the rating makes of the score.
func explainJoint(b *strings.Builder, j pipeline.Joint) {
	if j.Label == "" {
		return
	}
	fmt.Fprintf(b, "Joint      %s, score %+.4f: the text with its rating\n", j.Label, j.Score)
	if j.Contradiction {
		b.WriteString("           The rating contradicts the text.\n")
	}
}
