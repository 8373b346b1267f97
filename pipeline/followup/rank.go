package followup

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Rank turns candidates into cases, most urgent first; those who cannot be
// reached come last. Candidates older than the policy's window are left out.
//
// The priority joins the weights of all reasons as if they were independent
// chances, 1 - Π(1 - weight): every reason raises it, none beyond 100.
func Rank(cands []Candidate, policy Policy, now time.Time) []Case {
	values := sortedValues(cands)
	cases := make([]Case, 0, len(cands))
	for _, c := range cands {
		if policy.Window > 0 && now.Sub(c.OccurredAt) > policy.Window {
			continue
		}
		cases = append(cases, judge(c, policy, values, now))
	}
	slices.SortStableFunc(cases, func(a, b Case) int {
		return cmp.Or(
			unreachableLast(a.Reachable(), b.Reachable()),
			cmp.Compare(b.Priority, a.Priority),
			a.DueAt.Compare(b.DueAt),
			strings.Compare(a.EventID, b.EventID),
		)
	})
	return cases
}

func unreachableLast(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// reason is one thing that speaks for an answer.
type reason struct {
	weight float64 // 0..1
	words  string
}

// answeredShare is what is left of the priority once somebody answered: those
// who heard nothing at all come first.
const answeredShare = 0.6

func judge(c Candidate, policy Policy, values []float64, now time.Time) Case {
	opened := c.OccurredAt
	if c.OpenedAt != nil && c.OpenedAt.Before(opened) {
		opened = *c.OpenedAt
	}
	out := Case{Candidate: c, Reasons: []string{}, DueAt: opened.Add(policy.SLA)}
	reasons := slices.Concat(risks(&c), scores(&c, policy.Praise), person(&c, values), waiting(&out, policy, now))
	slices.SortStableFunc(reasons, func(a, b reason) int { return cmp.Compare(b.weight, a.weight) })
	calm := 1.0
	for _, r := range reasons {
		calm *= 1 - r.weight
		out.Reasons = append(out.Reasons, r.words)
	}
	out.Priority = 100 * (1 - calm)
	if c.AnsweredAt != nil {
		out.Priority *= answeredShare
		out.Reasons = append(out.Reasons, "answered, but not solved")
	}
	out.Priority = math.Round(10*out.Priority) / 10
	return out
}

// risks are the intents that cannot wait.
func risks(c *Candidate) []reason {
	known := map[string]reason{
		LegalOrSafety:     {0.75, "legal or safety matter"},
		ChurnRisk:         {0.5, "may leave"},
		EscalationRequest: {0.45, "asks for someone in charge"},
		RefundRequest:     {0.4, "wants a refund"},
	}
	var out []reason
	for _, intent := range RiskyIntents() {
		if slices.Contains(c.Intents, intent) {
			out = append(out, known[intent])
		}
	}
	return out
}

// scores are the low marks given, or the tone where there is no mark.
func scores(c *Candidate, praise []string) []reason {
	var out []reason
	if c.NPS != nil && *c.NPS <= 6 {
		out = append(out, reason{0.2 + 0.05*float64(6-*c.NPS), fmt.Sprintf("NPS %d (detractor)", *c.NPS)})
	}
	if c.CSAT != nil && *c.CSAT <= 2 {
		out = append(out, reason{0.2 + 0.15*float64(2-min(*c.CSAT, 2)), fmt.Sprintf("CSAT %d of 5", *c.CSAT)})
	}
	if c.Rating != nil && *c.Rating <= 2 {
		out = append(out, reason{0.2 + 0.15*float64(2-max(*c.Rating, 1)), fmt.Sprintf("%s of 5 stars", trimNumber(*c.Rating))})
	}
	if c.CES != nil && *c.CES <= 3 {
		out = append(out, reason{0.15 + 0.05*float64(3-max(*c.CES, 1)), fmt.Sprintf("hard effort (CES %d of 7)", *c.CES)})
	}
	if c.Sentiment == "negative" {
		out = append(out, reason{0.1 + 0.25*clamp(-float64(c.Score), 0, 1), "negative" + about(c, praise)})
	}
	return out
}

// about names what is criticised, by the tag where there is one.
func about(c *Candidate, praise []string) string {
	for _, tag := range c.Tags {
		if tag != "" && !slices.Contains(praise, tag) {
			return ": " + tag
		}
	}
	if len(c.Topics) > 0 {
		return " about " + c.Topics[0]
	}
	return " in tone"
}

// person weighs who asks: their value among all candidates, and their patience.
func person(c *Candidate, values []float64) []reason {
	var out []reason
	if c.Complaints > 1 {
		out = append(out, reason{math.Min(0.15*float64(c.Complaints-1), 0.45), fmt.Sprintf("%d open complaints", c.Complaints)})
	}
	if c.Value != nil && *c.Value > 0 && len(values) > 1 {
		below, _ := slices.BinarySearch(values, *c.Value)
		if rank := float64(below) / float64(len(values)-1); rank >= 0.5 {
			out = append(out, reason{0.3 * rank, "valuable customer"})
		}
	}
	if keySegment(c.Segment) {
		out = append(out, reason{0.2, "segment " + c.Segment})
	}
	return out
}

// keySegment tells the names that companies give to their best customers.
func keySegment(segment string) bool {
	segment = strings.ToLower(segment)
	return slices.ContainsFunc([]string{"vip", "loyal", "gold", "platinum", "premium", "enterprise", "key account"},
		func(name string) bool { return strings.Contains(segment, name) })
}

// waiting weighs the time that has passed against the SLA.
func waiting(c *Case, policy Policy, now time.Time) []reason {
	if policy.SLA <= 0 {
		return nil
	}
	late := now.Sub(c.DueAt)
	if late > 0 {
		return []reason{{0.15 + 0.15*clamp(float64(late)/float64(7*policy.SLA), 0, 1), "overdue by " + spanWords(late)}}
	}
	if left := -late; left < policy.SLA/4 {
		return []reason{{0.1, "due in " + spanWords(left)}}
	}
	return nil
}

// spanWords is a span in its largest unit, rounded down.
func spanWords(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d >= time.Hour:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}

func sortedValues(cands []Candidate) []float64 {
	var values []float64
	for _, c := range cands {
		if c.Value != nil && *c.Value > 0 {
			values = append(values, *c.Value)
		}
	}
	slices.Sort(values)
	return values
}

func clamp(x, low, high float64) float64 { return math.Max(low, math.Min(high, x)) }

func trimNumber(f float32) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0")
}
