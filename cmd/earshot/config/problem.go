package config

import (
	"fmt"
	"strings"
)

// InvalidError lists everything that is wrong with a configuration.
type InvalidError struct {
	Problems []string // one line each: key, value, origin, what was expected
}

func (e *InvalidError) Error() string {
	switch n := len(e.Problems) - 1; {
	case n < 0:
		return "the configuration is not valid"
	case n == 0:
		return e.Problems[0]
	default:
		return fmt.Sprintf("%s (and %d more: see `earshot config check`)", e.Problems[0], n)
	}
}

// MissingError means that a command needs an address which nobody gave, or
// which belongs to an `up` that is gone.
type MissingError struct{ Reason string }

func (e *MissingError) Error() string { return e.Reason }

// problem is one wrong value.
func problem(key Key, shown, origin, expected string) string {
	return fmt.Sprintf("%s = %q (%s): %s", key.Path, shown, origin, strings.TrimSpace(expected))
}
