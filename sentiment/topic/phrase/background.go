package phrase

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed background.tsv
var backgroundFile string

// Background tells how often words and pairs of words are said in feedback of any
// kind, as texts that say them per word of all texts.
type Background struct{ rates map[string]float64 }

// ReadBackground returns the shipped background; gen has written it.
var ReadBackground = sync.OnceValue(func() *Background {
	b := &Background{rates: map[string]float64{}}
	for line := range strings.Lines(backgroundFile) {
		word, number, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if perMillion, err := strconv.ParseFloat(number, 64); err == nil {
			b.rates[word] = perMillion / 1e6
		}
	}
	return b
})

// Rate is that of a word or phrase, 0 if it is hardly ever said.
func (b *Background) Rate(text string) float64 { return b.rates[text] }
