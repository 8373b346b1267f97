package insight

// TwoCounts are the texts that say something in the recent part of a period and in
// the part before it.
type TwoCounts struct{ Recent, Before int }

// Growth is how a rate changed from the part before to the recent one.
type Growth struct {
	Lift float64 `json:"lift"` // recent rate by the one before, half a text added to both (Haldane 1956)
	P    float64 `json:"p"`    // of the exact test of two Poisson rates (Przyborowski & Wilenski 1940)
	Q    float64 `json:"q"`    // false discovery rate over all that were tested
}

// Growths tests whether rates went up, false discoveries controlled over all of
// them (Benjamini & Yekutieli 2001). The totals are all texts of the two parts.
func Growths(counts []TwoCounts, recent, before int) []Growth {
	out, p := make([]Growth, len(counts)), make([]float64, len(counts))
	share := float64(recent) / float64(max(recent+before, 1))
	for i, c := range counts {
		p[i] = upperTail(c.Recent, c.Recent+c.Before, share)
		out[i].P = p[i]
		out[i].Lift = (float64(c.Recent) + 0.5) / (float64(c.Before) + 0.5) * (float64(before) + 1) / (float64(recent) + 1)
	}
	found := newDiscoveries(p, anyDependence(len(p)))
	for i := range out {
		out[i].Q = found.q(p[i])
	}
	return out
}

const (
	themeQ     = 0.01 // false discovery rate over the themes of one look
	themeLift  = 3    // times the rate before, or it is not new
	themeLeast = 10   // texts
)

// IsNew says whether something is news: absent or rare before, and grown beyond
// chance.
func (g Growth) IsNew(c TwoCounts) bool {
	return c.Recent >= themeLeast && g.Lift >= themeLift && g.Q <= themeQ
}
