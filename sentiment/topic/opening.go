package topic

import (
	"fmt"
	"slices"
	"strings"
)

// Opening is how a moment stands to the opening hours of its location; 0: open and
// neither near the beginning nor near the end, or not known.
type Opening uint8

// What a context may ask for under opening.
const (
	Closed    Opening = 1 << iota // outside the hours
	FirstHour                     // open for less than an hour
	LastHour                      // closes within an hour
)

// openingNames are the names in packs, in the order of the bits.
func openingNames() []string { return []string{"closed", "first_hour", "last_hour"} }

// parseOpening reads the names of a rule.
func parseOpening(names []string) (out Opening, err error) {
	for _, name := range names {
		i := slices.Index(openingNames(), name)
		if i < 0 {
			return 0, fmt.Errorf("expected %s, not %q", strings.Join(openingNames(), ", "), name)
		}
		out |= 1 << i
	}
	return out, nil
}

func (o Opening) String() string {
	var names []string
	for i, name := range openingNames() {
		if o>>i&1 == 1 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
