package discovery

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Result is what a miner has found.
type Result struct {
	Themes  []Theme
	Texts   int // English texts read
	Recent  int // of them, in the recent part
	Skipped int // events without an English text
	Floor   int // texts that a phrase may have been missed in
}

// Theme is phrases that belong together, named by the most telling one.
type Theme struct {
	Name      string     `json:"theme"`
	Count     int        `json:"count"`    // texts that say the name, outside every topic
	Recent    int        `json:"recent"`   // of them, in the recent part
	Missed    int        `json:"-"`        // texts before that may have said it, too
	Negative  float64    `json:"negative"` // share of the texts, 0..1
	Positive  float64    `json:"positive"`
	Score     float64    `json:"score"`   // telling, and often said
	Phrases   []Phrase   `json:"phrases"` // the name first
	Last      *time.Time `json:"last"`    // of the newest text; null: no times
	Verbatims []Verbatim `json:"verbatims"`
}

// Phrase is one wording of a theme.
type Phrase struct {
	Text  string `json:"text"`
	Kind  string `json:"kind"` // noun or verb
	Count int    `json:"count"`
}

// Verbatim is what somebody said: the text of the event from offset Offset on.
type Verbatim struct {
	Event  string     `json:"event_id"`
	At     *time.Time `json:"occurred_at"`
	Text   string     `json:"text"`
	Offset int        `json:"offset"` // byte offset of Text in the text that was analysed
	Start  int        `json:"start"`  // byte offsets of the phrase within Text
	End    int        `json:"end"`
}

const (
	maxPhrases = 12  // of one theme
	shareTexts = 0.4 // of the texts of two candidates that make them one theme
)

// Themes gathers what was counted.
func (m *Miner) Themes() (Result, error) {
	out := Result{Texts: int(m.texts), Recent: m.recent, Skipped: m.skipped, Floor: int(m.table.floor)}
	ranked, err := m.rank()
	if err != nil {
		return out, err
	}
	for _, group := range gather(ranked) {
		out.Themes = append(out.Themes, group.theme())
	}
	return out, nil
}

// group is the candidates of one theme, the head first.
type group []candidate

// gather puts each candidate to the first group it belongs to.
func gather(ranked []candidate) []group {
	var groups []group
	byWord := map[string][]int{} // groups by the words of their heads
	byText := map[uint32][]int{} // groups by the texts of their heads
	for _, c := range ranked {
		if home := homeOf(c, groups, byWord, byText); home >= 0 {
			if len(groups[home]) < maxPhrases {
				groups[home] = append(groups[home], c)
			}
			continue
		}
		for _, w := range c.about {
			byWord[w] = append(byWord[w], len(groups))
		}
		for _, x := range c.sample {
			byText[x.hash] = append(byText[x.hash], len(groups))
		}
		groups = append(groups, group{c})
	}
	return groups
}

// homeOf finds the first group whose head shares enough words or texts with c, or a word
// and all texts of c, -1 if there is none.
func homeOf(c candidate, groups []group, byWord map[string][]int, byText map[uint32][]int) int {
	home := len(groups)
	for _, w := range c.about {
		for _, g := range byWord[w] {
			if head := groups[g][0]; g < home && (sameWords(c.about, head.about) || within(c.sample, head.sample)) {
				home = g
			}
		}
	}
	for _, x := range c.sample {
		for _, g := range byText[x.hash] {
			if g < home && together(c.sample, groups[g][0].sample) >= shareTexts {
				home = g
			}
		}
	}
	if home == len(groups) {
		return -1
	}
	return home
}

// sameWords says whether two candidates have the same words, or share two that are
// two thirds of the shorter one: late flight, my flight late. One shared word is no
// reason: flight attendant.
func sameWords(a, b []string) bool {
	shared := 0
	for _, w := range a {
		if slices.Contains(b, w) {
			shared++
		}
	}
	shorter := min(len(a), len(b))
	return shared > 1 && 3*shared >= 2*shorter || shared == shorter && len(a) == len(b)
}

func (g group) theme() Theme {
	head := g[0]
	t := Theme{
		Name: head.text, Count: int(head.docs), Recent: int(head.recent), Missed: int(head.missed),
		Negative: ratio(head.negative, head.docs), Positive: ratio(head.positive, head.docs),
		Score: math.Round(head.score*10) / 10, Last: moment(head.lastAt), Verbatims: []Verbatim{},
	}
	for _, c := range g {
		t.Phrases = append(t.Phrases, Phrase{c.text, c.kind, int(c.docs)})
	}
	said := map[string]bool{}
	for _, c := range g {
		for _, x := range c.sample {
			if plain := strings.ToLower(x.quote.text); !said[plain] && len(t.Verbatims) < sampleSize {
				said[plain] = true
				t.Verbatims = append(t.Verbatims, x.verbatim())
			}
		}
	}
	return t
}

func (x sighting) verbatim() Verbatim {
	return Verbatim{Event: x.quote.event, At: moment(x.quote.at), Text: x.quote.text, Offset: x.quote.base, Start: int(x.start), End: int(x.end)}
}

func ratio(part, all uint32) float64 {
	return math.Round(1000*float64(part)/float64(max(all, 1))) / 1000
}

func moment(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	at := time.UnixMilli(ms).UTC()
	return &at
}
