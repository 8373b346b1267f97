package pipeline

import "strings"

// Nearest is the candidate most like word by edit distance, ignoring case, "-"
// and " " for "_"; "" when none is near enough to suggest.
func Nearest(word string, candidates []string) string {
	if len(word) > 64 {
		return ""
	}
	fold := func(s string) string {
		return strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(s))
	}
	word = fold(word)
	best, bestDistance := "", 0
	for _, candidate := range candidates {
		folded := fold(candidate)
		d := editDistance(word, folded)
		if d > 2 && d > len(folded)/3 {
			contained := len(folded) >= 3 && strings.Contains(word, folded) || len(word) >= 3 && strings.Contains(folded, word)
			if !contained {
				continue
			}
		}
		if best == "" || d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// editDistance is the Levenshtein distance in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
