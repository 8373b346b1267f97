package model

import (
	"testing"

	"earshot/sentiment/vader"
)

// TestRolesHoldValences: a role keeps valences as tenths.
func TestRolesHoldValences(t *testing.T) {
	for _, w := range vader.Words() {
		want, r := vader.RoleOf([]byte(w)), roleOf(marker, []byte(w))
		if r.valence() != want.Valence || r.does&listed != 0 != want.Listed || r.does&negates != 0 != want.Negates ||
			float64(r.boost)*vader.BoostIncrease != want.Boost || r.does&boosts != 0 != (want.Boost != 0) {
			t.Errorf("%q: %+v, want %+v", w, r, want)
		}
	}
}
