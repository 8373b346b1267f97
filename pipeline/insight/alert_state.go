package insight

import "time"

// AlertPolicy says when an alert is the same and when it is over.
type AlertPolicy struct {
	Cooldown time.Duration // a burst in the same cell within it, counted from the last event, is the same alert
}

// What became of an alert.
const (
	ChangeRaised       = "raised"
	ChangeUpdated      = "updated" // counts alone: stored, told to nobody
	ChangeReopened     = "reopened"
	ChangeAcknowledged = "acknowledged"
	ChangeResolved     = "resolved"
	ChangeTest         = "test"
)

// Change is an alert after something happened to it.
type Change struct {
	What  string `json:"change"`
	Alert Alert  `json:"alert"`
}

// quietAfter is how long after its last event an alert counts as over.
func quietAfter(kind AlertKind) time.Duration {
	if kind == KindCrisis {
		return 15 * time.Minute
	}
	return 24 * time.Hour
}

// Advance compares what the rules see with the alerts that are known and returns
// what has changed. Known holds the latest alert of each key.
func Advance(known map[string]Alert, signals []Signal, policy AlertPolicy, now time.Time) []Change {
	var changes []Change
	seen := map[string]bool{}
	for _, s := range signals {
		if seen[s.Key()] {
			continue
		}
		seen[s.Key()] = true
		if change, changed := follow(known, s, policy, now); changed {
			known[s.Key()] = change.Alert
			changes = append(changes, change)
		}
	}
	for key, a := range known {
		if a.State == AlertResolved || seen[key] || now.Sub(a.LastAt) < quietAfter(a.Kind) {
			continue
		}
		a.State = AlertResolved
		a.Version++
		known[key] = a
		changes = append(changes, Change{ChangeResolved, a})
	}
	return changes
}

// follow applies one signal to the alert of its key.
func follow(known map[string]Alert, s Signal, policy AlertPolicy, now time.Time) (Change, bool) {
	a, ok := known[s.Key()]
	switch {
	case !ok, a.State == AlertResolved && s.Since.Sub(a.LastAt) > policy.Cooldown:
		return Change{ChangeRaised, NewAlert(s, now)}, true
	case !s.Until.After(a.LastAt) && (s.Observed <= a.Count || a.State == AlertResolved):
		return Change{}, false // nothing new since it was looked at last; more of the same moment is stored later
	case s.Kind != KindCrisis && s.Observed <= a.Count && a.State != AlertResolved && s.Until.Sub(a.LastAt) < time.Hour:
		return Change{}, false // it goes on; that is worth a row an hour
	case a.State == AlertResolved && now.Sub(s.Until) >= quietAfter(s.Kind):
		return Change{}, false // the end of the burst that is over already
	}
	what := ChangeUpdated
	if a.State == AlertResolved {
		what, a.State = ChangeReopened, AlertOpen
	}
	if s.Since.After(a.LastAt) {
		a.Count += s.Observed
	} else {
		a.Count = max(a.Count, s.Observed)
	}
	if s.Until.After(a.LastAt) {
		a.LastAt = s.Until
	}
	if s.P < a.P {
		a.P, a.Q, a.Expected = s.P, s.Q, s.Expected
		a.describe(s)
	}
	a.Version++
	return Change{what, a}, true
}
