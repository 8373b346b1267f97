package topic

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"earshot/sentiment"
)

// Bounds of a phrase. They keep the cost of one start position constant.
const (
	maxElements = 12
	maxGaps     = 2
	maxGap      = 6 // words
	defaultGap  = 3
	maxVariants = 64
)

// element is one place of a phrase: words to choose from, or a gap.
type element struct {
	words []string // sorted; "wait*" is a stem; nil for a gap
	gap   int      // up to so many words
}

// key tells equal elements.
func (e element) key() string { return strings.Join(e.words, "|") }

// cutAsked takes a question mark that stands alone at the end of a phrase: it counts
// only where the sentence asks.
func cutAsked(phrase string) (words string, asks bool) { return strings.CutSuffix(phrase, " ?") }

// parsePhrase reads a phrase into its variants, with each optional word and without.
func parsePhrase(text string, classes map[string]Words) ([][]element, error) {
	variants := [][]element{nil}
	text, _ = cutAsked(text)
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return nil, fmt.Errorf("an empty phrase")
	}
	if len(fields) > maxElements {
		return nil, fmt.Errorf("phrase %s: more than %d places", quoted(text), maxElements)
	}
	gaps := 0
	for _, f := range fields {
		word, optional := strings.CutSuffix(f, "?")
		choices, err := parseElement(word, classes)
		if err != nil {
			return nil, fmt.Errorf("phrase %s: %w", quoted(text), err)
		}
		if choices[0][0].words == nil {
			gaps++
		}
		var longer [][]element
		for _, v := range variants {
			for _, c := range choices {
				longer = append(longer, slices.Concat(v, c))
			}
		}
		if optional {
			longer = append(longer, variants...)
		}
		variants = longer
		if len(variants) > maxVariants {
			return nil, fmt.Errorf("phrase %s: more than %d readings; split it", quoted(text), maxVariants)
		}
	}
	if gaps > maxGaps {
		return nil, fmt.Errorf("phrase %s: more than %d gaps", quoted(text), maxGaps)
	}
	for _, v := range variants {
		if err := checkVariant(v); err != nil {
			return nil, fmt.Errorf("phrase %s: %w", quoted(text), err)
		}
	}
	return variants, nil
}

// quoted is a phrase as mistakes show it: of a long one the beginning.
func quoted(phrase string) string {
	const most = 120 // bytes
	if len(phrase) > most {
		phrase = strings.ToValidUTF8(phrase[:most], "") + "…"
	}
	return strconv.Quote(phrase)
}

func checkVariant(v []element) error {
	if len(v) == 0 {
		return fmt.Errorf("every word is optional: it would match everywhere")
	}
	if len(v) > 2*maxElements {
		return fmt.Errorf("more than %d words", 2*maxElements)
	}
	if v[0].words == nil || v[len(v)-1].words == nil {
		return fmt.Errorf("a gap at an end says nothing")
	}
	for i := 1; i < len(v); i++ {
		if v[i].words == nil && v[i-1].words == nil {
			return fmt.Errorf("two gaps side by side; write one, as *5")
		}
	}
	return nil
}

// parseElement reads one place into its choices: all single words together, and
// each word that the scanner parts ("drive-thru") as a run of its own.
func parseElement(f string, classes map[string]Words) ([][]element, error) {
	if strings.HasPrefix(f, "*") {
		gap, err := parseGap(f)
		return [][]element{{gap}}, err
	}
	var single element
	var choices [][]element
	for alt := range strings.SplitSeq(f, "|") {
		words := []string{alt}
		if name, ok := strings.CutPrefix(alt, "<"); ok {
			class, known := classes[strings.TrimSuffix(name, ">")]
			if !known || !strings.HasSuffix(name, ">") {
				return nil, fmt.Errorf("no class %s", alt)
			}
			words = class.List
		}
		for _, w := range words {
			parts, err := parseWord(w)
			switch {
			case err != nil:
				return nil, err
			case len(parts) == 1:
				single.words = append(single.words, parts[0].words...)
			default:
				choices = append(choices, parts)
			}
		}
	}
	if single.words != nil {
		slices.Sort(single.words)
		single.words = slices.Compact(single.words)
		choices = append(choices, []element{single})
	}
	if choices == nil {
		return nil, fmt.Errorf("%s is empty", f)
	}
	return choices, nil
}

func parseGap(f string) (element, error) {
	n := defaultGap
	if len(f) > 1 {
		var err error
		if n, err = strconv.Atoi(f[1:]); err != nil {
			return element{}, fmt.Errorf("%q: a gap is * or * and a number, a stem is a word and *", f)
		}
	}
	if n < 1 || n > maxGap {
		return element{}, fmt.Errorf("%q: a gap is 1 to %d words", f, maxGap)
	}
	return element{gap: n}, nil
}

func parseWord(w string) ([]element, error) {
	bare, stem := strings.CutSuffix(w, "*")
	if strings.ContainsAny(bare, "*<>?|") {
		return nil, fmt.Errorf("%q: a star ends a stem, and stands nowhere else", w)
	}
	var d sentiment.Doc
	d.Scan(bare)
	if len(d.Tokens) == 0 {
		return nil, fmt.Errorf("%q holds no letter or digit", w)
	}
	var out []element
	for i := range d.Tokens {
		out = append(out, element{words: []string{string(d.Lower(i))}})
	}
	if stem {
		last := &out[len(out)-1].words[0]
		if len(*last) < 2 {
			return nil, fmt.Errorf("%q: a stem has two letters at least", w)
		}
		*last += "*"
	}
	return out, nil
}
