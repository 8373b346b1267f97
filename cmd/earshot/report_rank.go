package main

import (
	"cmp"
	"slices"
	"strings"

	"earshot/pipeline"
	"earshot/pipeline/insight"
)

// wilsonLower is what a share is at least, given how few were counted.
func wilsonLower(hits, of uint64) float64 {
	low, _ := insight.Wilson(int(hits), int(of))
	return low
}

// worst returns the few items with the highest badness; those without any are
// left out, and so are those with less than a quarter of the average count: of
// many small groups one always looks bad by chance. Equal ones keep their order.
func worst[T any](items []T, count func(T) uint64, badness func(T) float64) []T {
	var sum uint64
	for _, item := range items {
		sum += count(item)
	}
	enough := float64(sum) / float64(4*max(len(items), 1))
	ranked := slices.DeleteFunc(slices.Clone(items), func(item T) bool {
		return badness(item) <= 0 || float64(count(item)) < enough
	})
	slices.SortStableFunc(ranked, func(a, b T) int { return cmp.Compare(badness(b), badness(a)) })
	return append([]T{}, ranked[:min(len(ranked), reportRows)]...)
}

// checkSource refuses a channel that the contract does not know.
func checkSource(source string) error {
	if source == "" || slices.Contains(pipeline.Channels, source) {
		return nil
	}
	return usagef("--source %q: choose one of %s", source, strings.Join(pipeline.Channels, ", "))
}
