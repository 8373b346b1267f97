package insight

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func crisisAt(at time.Time, n int) Signal {
	return Signal{Kind: KindCrisis, Since: at, Until: at.Add(time.Duration(n) * time.Second), Observed: n, Expected: 0.1, P: 1e-9}
}

func TestAlertLife(t *testing.T) {
	policy := AlertPolicy{Cooldown: 2 * time.Hour}
	known := map[string]Alert{}
	step := func(after time.Duration, want string, count int, signals ...Signal) Alert {
		t.Helper()
		changes := Advance(known, signals, policy, monday.Add(after))
		if want == "" {
			if len(changes) != 0 {
				t.Fatalf("after %v: %+v", after, changes)
			}
			return Alert{}
		}
		if len(changes) != 1 || changes[0].What != want || changes[0].Alert.Count != count {
			t.Fatalf("after %v: %+v, expected one %s with %d", after, changes, want, count)
		}
		return changes[0].Alert
	}
	first := step(time.Minute, ChangeRaised, 5, crisisAt(monday, 5))
	step(time.Minute, "", 0, crisisAt(monday, 5)) // nothing new
	step(2*time.Minute, ChangeUpdated, 30, crisisAt(monday, 30))
	late := crisisAt(monday, 30) // more of the same seconds, from a partition that was behind
	late.Observed = 35
	step(3*time.Minute, ChangeUpdated, 35, late)
	step(3*time.Minute, "", 0, late)
	step(10*time.Minute, "", 0)
	over := step(20*time.Minute, ChangeResolved, 35)
	if over.State != AlertResolved || over.ID != first.ID {
		t.Fatalf("%+v", over)
	}
	step(21*time.Minute, "", 0, late) // still in the window that is looked at
	again := step(61*time.Minute, ChangeReopened, 42, crisisAt(monday.Add(time.Hour), 7))
	if again.ID != first.ID || again.State != AlertOpen {
		t.Fatalf("within the cool-down: %+v", again)
	}
	step(80*time.Minute, ChangeResolved, 42)
	next := step(5*time.Hour, ChangeRaised, 6, crisisAt(monday.Add(5*time.Hour), 6))
	if next.ID == first.ID || next.Key != first.Key {
		t.Fatalf("after the cool-down it is another alert of the same key: %+v", next)
	}
}

// Whatever the signals: an alert's versions grow by one, its count never falls,
// no two alerts of a key are alive, and repeating a round changes nothing.
func TestAdvanceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		known, version, count := map[string]Alert{}, map[string]int{}, map[string]int{}
		policy := AlertPolicy{Cooldown: time.Hour}
		now := monday
		for range rapid.IntRange(1, 30).Draw(t, "rounds") {
			now = now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "minutes")) * time.Minute)
			var signals []Signal
			for _, place := range rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b"}), 0, 3).Draw(t, "places") {
				s := crisisAt(now.Add(-time.Duration(rapid.IntRange(1, 3000).Draw(t, "ago"))*time.Second), rapid.IntRange(5, 50).Draw(t, "n"))
				s.Cell.Location = place
				signals = append(signals, s)
			}
			for _, c := range Advance(known, signals, policy, now) {
				a := c.Alert
				if a.Version != version[a.ID]+1 || a.Count < count[a.ID] {
					t.Fatalf("%s: version %d after %d, count %d after %d", c.What, a.Version, version[a.ID], a.Count, count[a.ID])
				}
				version[a.ID], count[a.ID] = a.Version, a.Count
				if (c.What == ChangeResolved) != (a.State == AlertResolved) {
					t.Fatalf("%s is %s", c.What, a.State)
				}
			}
			if again := Advance(known, signals, policy, now); len(again) != 0 {
				t.Fatalf("the same round again: %+v", again)
			}
		}
	})
}

func TestSentences(t *testing.T) {
	for want, s := range map[string]Signal{
		"Public complaints: store-001, 30 in 5 minutes; about 2 are usual.":                    {Kind: KindCrisis, Cell: Cell{Location: "store-001"}, Since: monday, Until: monday.Add(290 * time.Second), Observed: 30, Expected: 2},
		"Public complaints: all locations, 5 in one minute; next to none are usual.":           {Kind: KindCrisis, Since: monday, Until: monday.Add(40 * time.Second), Observed: 5, Expected: 0.02},
		"service.speed: all locations, review, 41 complaints in 24 hours; about 12 are usual.": {Kind: KindSpike, Cell: Cell{Topic: "service.speed", Channel: "review"}, Observed: 41, Expected: 12},
		"service.speed is rising: store-001, 41 complaints in 7 days; about 12 are usual.":     {Kind: KindRising, Cell: Cell{Topic: "service.speed", Location: "store-001"}, Observed: 41, Expected: 12},
		`New theme: "oat milk" in 40 comments, 75 % of them negative; no topic covers it.`:     ThemeSignal(Theme{Name: "oat milk", Count: 40, Negative: 0.75}),
	} {
		if got := NewAlert(s, monday).Sentence; got != want {
			t.Errorf("%s\nexpected %s", got, want)
		}
	}
	if key := ThemeSignal(Theme{Name: "oat milk"}).Key(); !strings.HasPrefix(key, "theme|oat milk|") {
		t.Error(key)
	}
}
