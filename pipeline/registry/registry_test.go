package registry

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func versions(log []Entry) (out []string) {
	for _, e := range Places(log) {
		out = append(out, e.Version)
	}
	return out
}

func lines(decisions ...string) (log []Entry) {
	for i := 0; i < len(decisions); i += 2 {
		log = append(log, Entry{Decision: Decision(decisions[i]), Version: decisions[i+1]})
	}
	return log
}

func TestPlaces(t *testing.T) {
	for name, c := range map[string]struct {
		log  []Entry
		want []string
	}{
		"empty":                    {nil, nil},
		"one":                      {lines("adopted", "a"), []string{"a"}},
		"refused ones do not":      {lines("adopted", "a", "refused", "", "refused", "x"), []string{"a"}},
		"one after the other":      {lines("adopted", "a", "put in place", "b"), []string{"a", "b"}},
		"back":                     {lines("adopted", "a", "adopted", "b", "rolled back", "a"), []string{"a"}},
		"back to the shipped":      {lines("adopted", "a", "rolled back", "base"), []string{"base"}},
		"back twice":               {lines("adopted", "a", "adopted", "b", "adopted", "c", "rolled back", "b", "rolled back", "a"), []string{"a"}},
		"back, then another":       {lines("adopted", "a", "adopted", "b", "rolled back", "a", "adopted", "c"), []string{"a", "c"}},
		"the same again":           {lines("adopted", "a", "put in place", "a"), []string{"a"}},
		"an older one anew":        {lines("adopted", "a", "adopted", "b", "put in place", "a"), []string{"a", "b", "a"}},
		"back past a repeated one": {lines("adopted", "a", "adopted", "b", "put in place", "a", "rolled back", "b"), []string{"a", "b"}},
	} {
		if got := versions(c.log); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Whatever was done, the last of the places is what is in place, and going back
// step by step ends at one.
func TestPlacesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var log []Entry
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			e := Entry{Decision: rapid.SampledFrom([]Decision{Adopted, Refused, PutInPlace}).Draw(t, "decision"), Version: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "version")}
			if stack := Places(log); len(stack) > 1 && rapid.Bool().Draw(t, "back") {
				e = Entry{Decision: RolledBack, Version: stack[len(stack)-2].Version}
			}
			log = append(log, e)
		}
		for {
			stack := Places(log)
			last, ok := LastChoice(log)
			if ok != (len(stack) > 0) || ok && stack[len(stack)-1].Version != last.Version {
				t.Fatalf("%+v are the places, %+v is in place", stack, last)
			}
			if len(stack) < 2 {
				return
			}
			log = append(log, Entry{Decision: RolledBack, Version: stack[len(stack)-2].Version})
			if n := len(Places(log)); n != len(stack)-1 {
				t.Fatalf("%d places after going back from %d", n, len(stack))
			}
		}
	})
}

func TestNextPlan(t *testing.T) {
	at, to := time.Unix(2000, 0), time.Unix(1000, 0)
	for name, c := range map[string]struct {
		log  []Entry
		want Plan
	}{
		"nothing in place":  {nil, Plan{}},
		"adapted":           {[]Entry{{Decision: Adopted, Version: "a", By: "auto", At: at, To: &to}}, Plan{Current: "a", After: to}},
		"refused since":     {[]Entry{{Decision: Adopted, Version: "a", By: "auto", At: at, To: &to}, {Decision: Refused, By: "auto"}}, Plan{Current: "a", After: to}},
		"a file, by hand":   {[]Entry{{Decision: PutInPlace, Version: "a", Kind: Train, By: "kim", At: at}}, Plan{Current: "a", After: at, Held: at}},
		"the shipped one":   {[]Entry{{Decision: RolledBack, Version: "a", Kind: Base, By: "kim", At: at}}, Plan{Current: "a", Held: at}},
		"back to a version": {[]Entry{{Decision: RolledBack, Version: "a", Kind: Adapt, By: "kim", At: at, To: &to}}, Plan{Current: "a", After: to, Held: at}},
	} {
		if got := NextPlan(c.log, "auto"); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
