// Package phrase finds the noun and verb phrases of texts with the part-of-speech
// tagger of prose, and weighs them. It is made for explaining and discovery, not for
// the hot path: a text costs some 0.3 ms, and loading the model 0.1 s. Discovery
// takes Candidates from the tokens alone and lets a Judge tag each distinct one once.
package phrase

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jdkato/prose/v2"
)

// maxText bounds the cost of one text, in bytes.
const maxText = 8 << 10

// Phrase is a run of words that names a thing or says what was done.
type Phrase struct {
	Kind       string // noun or verb
	Start, End int    // byte offsets
}

// Finder holds the model, which is loaded once.
type Finder struct {
	model *prose.Model
}

// New loads the model.
func New() (*Finder, error) {
	doc, err := prose.NewDocument("", prose.WithSegmentation(false), prose.WithExtraction(false))
	if err != nil {
		return nil, fmt.Errorf("part-of-speech model: %w", err)
	}
	return &Finder{model: doc.Model}, nil
}

// word is a token of prose with its place in the text.
type word struct {
	tag        string
	start, end int
	space      bool // only white space stands before it
}

// Find returns the phrases of text (of its first 8 KiB) by place.
func (f *Finder) Find(text string) ([]Phrase, error) {
	words, err := f.words(text)
	if err != nil {
		return nil, err
	}
	var out []Phrase
	for i := 0; i < len(words); {
		if n := nounPhrase(words[i:]); n > 0 {
			out = append(out, Phrase{Noun, words[i].start, words[i+n-1].end})
			i += n
			continue
		}
		if n := verbPhrase(words[i:]); n > 0 {
			out = append(out, Phrase{Verb, words[i].start, words[i+n-1].end})
			i += n
			continue
		}
		i++
	}
	return out, nil
}

// words tags the words of text, of its first 8 KiB.
func (f *Finder) words(text string) ([]word, error) {
	text = clean(text[:min(len(text), maxText)])
	doc, err := prose.NewDocument(text, prose.UsingModel(f.model), prose.WithSegmentation(false), prose.WithExtraction(false))
	if err != nil {
		return nil, fmt.Errorf("part-of-speech tags: %w", err)
	}
	return place(text, doc.Tokens()), nil
}

// clean turns every byte that is no UTF-8 into a space, so that offsets stay.
func clean(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	b := []byte(text)
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			b[i] = ' '
		}
		i += size
	}
	return string(b)
}

// place looks the tokens up in the text, since prose keeps no offsets. A token
// that prose has rewritten is skipped.
func place(text string, tokens []prose.Token) []word {
	var out []word
	at := 0
	for _, t := range tokens {
		i := strings.Index(text[at:], t.Text)
		if i < 0 || t.Text == "" {
			continue
		}
		space := strings.TrimSpace(text[at:at+i]) == ""
		out = append(out, word{tag: t.Tag, start: at + i, end: at + i + len(t.Text), space: space})
		at += i + len(t.Text)
	}
	return out
}

// nounPhrase is the length of adjectives and nouns that end in a noun, two words
// at least; 0 if none starts here.
func nounPhrase(words []word) int {
	end := 0
	for i, w := range words {
		if i > 0 && !w.space {
			break
		}
		if strings.HasPrefix(w.tag, "NN") {
			end = i + 1
		} else if !strings.HasPrefix(w.tag, "JJ") && w.tag != "VBG" && w.tag != "VBN" {
			break
		}
	}
	if end < 2 {
		return 0
	}
	return end
}

// inVerbPhrase are the tags that may follow its verb.
var inVerbPhrase = []string{"RB", "RP", "JJ", "NN", "NNS", "IN", "DT", "PRP$"}

// verbPhrase is the length of a verb with what follows it closely, two to four
// words that end in a word of content; 0 if none starts here.
func verbPhrase(words []word) int {
	if !strings.HasPrefix(words[0].tag, "VB") {
		return 0
	}
	end := 0
	for i := 1; i < min(4, len(words)) && words[i].space && slices.Contains(inVerbPhrase, words[i].tag); i++ {
		if tag := words[i].tag; tag != "DT" && tag != "PRP$" && tag != "IN" {
			end = i + 1
		}
	}
	return end
}
