package soak

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func everything(group bool) conditions {
	return conditions{workers: 3, survivor: 2, togetherly: 20,
		can: map[need]bool{needsKafkaProxy: true, needsSmallDisk: true, needsVictim: true, needsGroup: group}}
}

func TestPlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed, n := rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 120).Draw(t, "faults")
		c := everything(rapid.Bool().Draw(t, "group"))
		got := plan(seed, n, c)
		if !reflect.DeepEqual(got, plan(seed, n, c)) {
			t.Fatal("the same seed gave another plan")
		}
		for i, f := range got {
			s := specOf(t, f.Kind)
			if f.Hold < s.min || f.Hold >= s.max || s.worker != (f.Worker >= 0) || s.needs != needsNothing && !c.can[s.needs] {
				t.Fatalf("fault %d is not as specified: %+v", i, f)
			}
			if s.needs == needsVictim && f.Worker == c.survivor {
				t.Fatalf("fault %d kills the survivor: %+v", i, f)
			}
			if f.With && (i == 0 || got[i-1].With || f.Kind.target() == got[i-1].Kind.target()) {
				t.Fatalf("fault %d must not overlap: %+v", i, f)
			}
		}
	})
}

func specOf(t *rapid.T, k faultKind) spec {
	for _, s := range specs() {
		if s.kind == k {
			return s
		}
	}
	t.Fatalf("nobody specified %q", k)
	return spec{}
}

// One round deals every kind, so that the short run misses none.
func TestPlanDealsEveryKind(t *testing.T) {
	kinds := map[faultKind]bool{}
	for _, f := range plan(3, len(specs()), everything(true)) {
		kinds[f.Kind] = true
	}
	if len(kinds) != len(specs()) {
		t.Errorf("%d of %d kinds", len(kinds), len(specs()))
	}
}

func TestControlOnlyKills(t *testing.T) {
	for _, f := range plan(1, 30, conditions{workers: 1, onlyKills: true}) {
		if f.Kind != killedLate || f.Worker != 0 {
			t.Fatalf("%+v", f)
		}
	}
}
