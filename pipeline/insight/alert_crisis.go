package insight

import (
	"cmp"
	"slices"
	"time"
)

const (
	// CrisisMemory is how far back the crisis rule looks for bursts.
	CrisisMemory = time.Hour
	// CrisisWeeks are the past weeks its baselines are made of.
	CrisisWeeks = 8
	// crisisLeast is how many events make a burst at least.
	crisisLeast = 5
	// crisisAlarms is how many false alarms a quiet week may bring, half of them
	// from the chain as a whole, half from all its locations together.
	crisisAlarms = 0.02
	// newcomer is what a chain without any history is taken to get: public
	// negatives an hour.
	newcomer = 1.0
)

// crisisWindows are the lengths of time looked at: the short ones notice fast,
// the long ones what builds up slowly.
func crisisWindows() []time.Duration {
	return []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute}
}

// Beat is how many public negatives a location got at one moment.
type Beat struct {
	At       time.Time
	Location string
	Count    int
}

// Season is how many public negatives the chain or one of its locations got in
// past weeks at this hour of the week.
type Season struct {
	Location string // "" is the whole chain
	Past     []int  // one count for each past week of which there is history
	PerHour  float64
}

// Crisis looks for bursts of public negatives among the beats of the last
// CrisisMemory. Each sliding window is tested by its exact negative binomial
// tail; the level is what a whole week of looking may cost, so that quiet
// chains stay quiet. Within a burst the strongest window speaks, and of the chain
// and a location that alone makes its burst the location.
func Crisis(beats []Beat, seasons []Season) []Signal {
	cells := map[string][]Beat{}
	for _, b := range beats {
		cells[""] = append(cells[""], b)
		if b.Location != "" {
			cells[b.Location] = append(cells[b.Location], b)
		}
	}
	baselines := map[string]Baseline{}
	for _, s := range seasons {
		baselines[s.Location] = seasonal(s)
	}
	locations := max(1, len(baselines)-1, len(cells)-1)
	usualOf := func(name string) Baseline {
		if usual, known := baselines[name]; known {
			return usual
		}
		return NewBaseline(nil, newcomer/float64(locations))
	}
	var signals []Signal
	for name, own := range cells {
		level := crisisLevel(1)
		if name != "" {
			level = crisisLevel(locations)
		}
		if s, ok := burst(own, usualOf(name), level); ok {
			s.Cell.Location = name
			signals = append(signals, s)
		}
	}
	slices.SortFunc(signals, func(a, b Signal) int { return cmp.Compare(a.Cell.Location, b.Cell.Location) })
	if len(signals) > 1 && signals[0].ofChain() && !burstElsewhere(beats, signals[1:], usualOf("")) {
		return signals[1:]
	}
	return signals
}

// burstElsewhere says whether the chain has a burst without its worst location.
func burstElsewhere(beats []Beat, locations []Signal, usual Baseline) bool {
	worst := slices.MinFunc(locations, func(a, b Signal) int { return cmp.Compare(a.P, b.P) }).Cell.Location
	others := slices.DeleteFunc(slices.Clone(beats), func(b Beat) bool { return b.Location == worst })
	_, found := burst(others, usual, crisisLevel(1))
	return found
}

// seasonal leans on the overall rate where the same hour of past weeks says
// little.
func seasonal(s Season) Baseline {
	prior := s.PerHour
	if len(s.Past) == 0 && prior == 0 {
		prior = newcomer
	}
	return NewBaseline(s.Past, prior)
}

// crisisLevel is the p value at which one window of one of n cells is a burst:
// a week has 10080 minutes, each the beginning of a window of each length.
func crisisLevel(n int) float64 {
	const minutesOfWeek = 7 * 24 * 60
	return crisisAlarms / 2 / float64(n*minutesOfWeek*len(crisisWindows()))
}

// burst finds the strongest window of a cell.
func burst(beats []Beat, hourly Baseline, level float64) (best Signal, found bool) {
	slices.SortFunc(beats, func(a, b Beat) int { return a.At.Compare(b.At) })
	for _, window := range crisisWindows() {
		usual := hourly.Part(window.Hours())
		first, count := 0, 0
		for _, last := range beats {
			count += last.Count
			for last.At.Sub(beats[first].At) >= window {
				count -= beats[first].Count
				first++
			}
			if count < crisisLeast {
				continue
			}
			p := usual.Tail(count)
			if p > level || found && p >= best.P {
				continue
			}
			found = true
			best = Signal{
				Kind: KindCrisis, Since: beats[first].At, Until: last.At,
				Observed: count, Expected: usual.Mean, P: p, Q: min(1, p/level*crisisAlarms),
			}
		}
	}
	return best, found
}
