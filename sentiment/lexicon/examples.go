package lexicon

import (
	"earshot/sentiment"
)

// Tested is the outcome of the examples of an overlay.
type Tested struct {
	Texts    int     // examples, match and no_match texts
	Failures []error // each with file and line
}

// Test runs the examples of all lexicons in force: a match text must hold a phrase
// of its entry that counts, a no_match text none, an example must get its label.
// The examples of a lexicon are tried with it and those before it: one that comes
// later may well know better.
func (o *Overlay) Test() Tested {
	var t tester
	for i, f := range o.files {
		upTo, err := Compile(o.files[:i+1])
		if err != nil {
			t.fail(err)
			continue
		}
		t.file(upTo, f)
	}
	return t.Tested
}

func (t *tester) file(o *Overlay, f *File) {
	for i := range f.Entries {
		t.entry(o, &f.Entries[i])
	}
	for _, x := range f.Examples {
		t.Texts++
		t.doc.Scan(x.Text)
		score := o.Score(&t.state, &t.doc).Score
		if got := labelName(score); got != x.Sentiment {
			t.fail(f.errAt(x.line, "%q is %s (%+.2f), want %s", x.Text, got, score, x.Sentiment))
		}
	}
}

type tester struct {
	Tested
	doc   sentiment.Doc
	state State
}

func (t *tester) fail(err error) { t.Failures = append(t.Failures, err) }

func (t *tester) entry(o *Overlay, e *Entry) {
	for _, text := range e.Match {
		t.Texts++
		if !t.holds(o, e, text.Text) {
			t.fail(e.file.errAt(text.Line, "%q holds none of the phrases of its entry that counts", text.Text))
		}
	}
	for _, text := range e.NoMatch {
		t.Texts++
		if t.holds(o, e, text.Text) {
			t.fail(e.file.errAt(text.Line, "%q should hold none of the phrases of its entry", text.Text))
		}
	}
}

// holds says whether a phrase of e counts in text.
func (t *tester) holds(o *Overlay, e *Entry, text string) bool {
	t.doc.Scan(text)
	o.Score(&t.state, &t.doc)
	for _, h := range t.state.Hits() {
		if o.rules[h.rule].entry == e {
			return true
		}
	}
	return false
}

func labelName(score float64) string {
	switch sentiment.LabelOf(score) {
	case sentiment.Positive:
		return "positive"
	case sentiment.Negative:
		return "negative"
	}
	return "neutral"
}
