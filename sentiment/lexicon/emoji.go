package lexicon

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"earshot/sentiment"
)

// firstEmoji is the first one beyond Latin-1, as in package vader.
const firstEmoji = '‼'

// emojiOf reads a phrase that is one emoji; skin tone and selectors are left aside.
func emojiOf(phrase string) (rune, bool) {
	emoji := rune(0)
	for _, r := range phrase {
		switch {
		case sentiment.Selects(r) || isSkinTone(r):
		case emoji == 0 && r >= firstEmoji && unicode.IsSymbol(r):
			emoji = r
		default:
			return 0, false
		}
	}
	return emoji, emoji != 0
}

func isSkinTone(r rune) bool { return r >= '🏻' && r <= '🏿' }

// Rates says whether the text holds an emoji that a lexicon rates.
func (o *Overlay) Rates(text string) bool {
	at, _, _ := o.nextEmoji(text, 0)
	return at < len(text)
}

// nextEmoji finds the first rated emoji from byte i on; start is len(text) if there is none.
func (o *Overlay) nextEmoji(text string, i int) (start, end, rule int) {
	for i < len(text) {
		if c := text[i]; c != 0xe2 && c != 0xe3 && c != 0xf0 { // with which all emoji begin
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if rule, ok := o.emoji[r]; ok {
			return i, i + n, rule
		}
		i += n
	}
	return len(text), len(text), 0
}

// addEmoji adds the rated emoji to s.hits. They are taken as they are: neither boosted
// nor negated, but weighed by "but".
func (o *Overlay) addEmoji(s *State, d *sentiment.Doc) {
	text := d.Text
	if strings.IndexByte(text, 0xf0) < 0 && strings.IndexByte(text, 0xe2) < 0 && strings.IndexByte(text, 0xe3) < 0 {
		return
	}
	before, but := len(s.hits), len(text)
	for i := 0; i < len(text); {
		start, end, rule := o.nextEmoji(text, i)
		if i = end; start == end {
			break
		}
		if len(s.hits) == before {
			if token := firstBut(d); token >= 0 {
				but = d.Tokens[token].Start
			}
		}
		e := &o.effects[rule]
		h := Hit{Start: start, End: end, Lexicon: e.valence, Valence: e.valence, Effort: e.effort, rule: rule, Emoji: true}
		switch {
		case but == len(text):
		case start < but:
			h.Valence *= 0.5
		default:
			h.Valence *= 1.5
		}
		s.hits, s.emoji = append(s.hits, h), true
	}
	if before > 0 && len(s.hits) > before {
		slices.SortStableFunc(s.hits, func(a, b Hit) int { return cmp.Compare(a.Start, b.Start) })
	}
}

// coversEmoji says whether a word of VADER is the name of an emoji of s.hits.
func (s *State) coversEmoji(start, end int) bool {
	i, _ := slices.BinarySearchFunc(s.hits, start, func(h Hit, start int) int { return cmp.Compare(h.End, start+1) })
	return i < len(s.hits) && s.hits[i].Start < end && s.hits[i].Emoji
}

// Emoji scores the emoji and emoticons of a text alone, which mean the same in every
// language; ok is false if it holds none with a valence. Hits and Words are theirs.
func (o *Overlay) Emoji(s *State, d *sentiment.Doc) (score float64, ok bool) {
	s.hits, s.words, s.emoji, s.tagged = s.hits[:0], s.words[:0], false, false
	o.addEmoji(s, d)
	var sum Part
	for _, h := range s.hits {
		sum.add(h.Valence)
	}
	for _, w := range d.Words() {
		r, _ := utf8.DecodeRuneInString(d.Text[w.Start:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			continue
		}
		word := Word{Word: w, Covered: s.coversEmoji(w.Start, w.End)}
		word.Valence = w.Lexicon // the words around it are not English
		if s.words = append(s.words, word); !word.Covered {
			sum.add(word.Valence)
		}
	}
	return emphasised(sum.Positive+sum.Negative, d.Emphasis()), len(s.hits) > 0 || len(s.words) > 0
}
