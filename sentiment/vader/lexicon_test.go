package vader

import (
	"strings"
	"testing"

	"github.com/grassmudhorses/vader-go/lexicon"
)

// TestEntriesHoldWhatTheLexiconSays: valences and boosts to the last bit.
func TestEntriesHoldWhatTheLexiconSays(t *testing.T) {
	for word, want := range lexicon.Sentiments {
		if word == misspelt {
			continue
		}
		word = strings.ReplaceAll(word, `\\`, `\`)
		if corrected, ok := corrections[word]; ok {
			want = corrected
		}
		if got := RoleOf([]byte(word)); !got.Listed || got.Valence != want {
			t.Errorf("%q: %+v, want the valence %v", word, got, want)
		}
	}
	for word, want := range lexicon.Boosters {
		if got := RoleOf([]byte(word)); got.Boost != want {
			t.Errorf("%q: %+v, want the boost %v", word, got, want)
		}
	}
}
