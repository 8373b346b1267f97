package insight

import (
	"cmp"
	"slices"
)

// oneStory leaves one signal of those that tell of the same complaints: a burst in one
// location is one in its channel and in the whole chain as well. cells are all that was
// looked at.
func oneStory(signals []Signal, cells []CellCounts) []Signal {
	chains := map[string]int{} // complaints of the whole chain by topic
	for _, c := range cells {
		if c.Location == "" && c.Channel == "" {
			chains[c.Topic] = c.Complaints[0]
		}
	}
	topics := map[string][]Signal{}
	for _, s := range signals {
		topics[s.Cell.Topic] = append(topics[s.Cell.Topic], s)
	}
	told := signals[:0:0]
	for topic, group := range topics {
		all, known := chains[topic]
		if !known || len(group) == 1 {
			told = append(told, group...)
			continue
		}
		told = append(told, tellOnce(group, all)...)
	}
	slices.SortFunc(told, func(a, b Signal) int { return cmp.Compare(a.Key(), b.Key()) })
	return told
}

// tellOnce is oneStory of one topic, of which the whole chain has all complaints. The
// chain is told of if it stands out without its strongest part, too; then the parts that
// stand out no more than it does are left out.
func tellOnce(group []Signal, all int) []Signal {
	slices.SortFunc(group, func(a, b Signal) int { return cmp.Or(cmp.Compare(a.P, b.P), cmp.Compare(a.Key(), b.Key())) })
	var told []Signal
	if i := slices.IndexFunc(group, Signal.ofChain); i >= 0 {
		chain := group[i]
		parts := slices.Delete(group, i, i+1)
		if len(parts) == 0 || chain.standsOutWith(all-parts[0].Observed, chain.Expected-parts[0].Expected) {
			told = append(told, chain)
			group = slices.DeleteFunc(parts, func(s Signal) bool {
				return !s.standsOutWith(s.Observed, s.Expected*timesUsual(all, chain.Expected))
			})
		} else {
			group = parts
		}
	}
	var parts []Signal
	for _, s := range group {
		sameComplaints := func(k Signal) bool {
			crossing := (k.Cell.Location == "") != (s.Cell.Location == "")
			return crossing && !s.standsOutWith(min(s.Observed, all-k.Observed), s.Expected)
		}
		if !slices.ContainsFunc(parts, sameComplaints) {
			parts = append(parts, s)
		}
	}
	return append(told, parts...)
}

// Burst is complaints of the last days that somebody was told of.
type Burst struct {
	Cell
	Complaints int
}

// BeyondBursts leaves those of rising signals that stand out without a burst, of which
// one alert is enough: a bad day is part of its week for as long as that lasts.
func BeyondBursts(rising []Signal, bursts []Burst) []Signal {
	return slices.DeleteFunc(rising, func(s Signal) bool {
		return slices.ContainsFunc(bursts, func(b Burst) bool {
			return (b.Cell == s.Cell || b.Topic == s.Cell.Topic && s.ofChain()) && !s.standsOutWith(s.Observed-b.Complaints, s.Expected)
		})
	})
}

func (s Signal) ofChain() bool { return s.Cell.Location == "" && s.Cell.Channel == "" }

// standsOutWith says whether so many complaints would be worth an alert.
func (s Signal) standsOutWith(observed int, expected float64) bool {
	return observed >= trendLeast && float64(observed) >= trendLift*expected
}
