package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"earshot/sentiment"
	"earshot/sentiment/lexicon"
	"earshot/sentiment/model"
	"earshot/sentiment/topic"
	"earshot/sentiment/vader"
)

// ReadLexicons reads the lexicons at path, a file or a folder; empty: none. The error
// joins all mistakes, each with file and line.
func ReadLexicons(path string) ([]*lexicon.File, error) {
	if path == "" {
		return nil, nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("lexicon %s: no such file or folder", path)
	}
	if err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
	}
	if info.IsDir() {
		return lexicon.ReadFolder(os.DirFS(path), ".", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
	}
	f, err := lexicon.Parse(path, data)
	if err != nil {
		return nil, err
	}
	return []*lexicon.File{f}, nil
}

// score judges the whole text. With a learned model the score is the probability
// of positive less that of negative. Without one it is that of the lexicons; where
// it is neutral and phrases of the taxonomy were found that are good or bad news in
// themselves ("waited 40 minutes"), it is the mean of their polarities. A text
// without words is not scored; one in another language by the model for that, else by
// its emoji alone. Emoji without a word are left to the lexicons, too: hardly any text
// that models learn from is without one. What is no answer is neutral.
func (a *TextAnalyzer) score(d *desk, lang sentiment.Language, found topic.Result, out *Analysis) {
	doc := &d.doc
	d.figures, d.blended, d.signs, d.scored = lexicon.Figures{}, false, false, nil
	out.Sentiment, d.belief = Sentiment{Label: Unknown}, anything
	if blank(doc.Text) {
		return
	}
	if !lang.English {
		a.scoreOther(d, lang.Code, out)
		return
	}
	f := doc.Figures().Rounded()
	out.Vader = Vader{Compound: f.Compound, Pos: f.Pos, Neu: f.Neu, Neg: f.Neg}
	d.figures = a.overlay.Score(&d.lexicon, doc)
	d.signs = len(d.lexicon.Hits())+len(d.lexicon.Words()) > 0 && doc.Wordless()
	switch {
	case d.noAnswer:
		d.figures, out.Sentiment = lexicon.Figures{}, lexical(0)
		d.belief = lexicalBelief(out.Sentiment)
		return
	case d.learned != nil && !d.signs:
		d.byModel(a.overlay, d.learned, out)
	default:
		out.Sentiment = lexical(d.byLexicon(f.Compound, found))
		d.belief = lexicalBelief(out.Sentiment)
	}
	out.Effort = d.figures.Effort
	out.Sentiment.Intensity, out.Sentiment.Mixed = d.shape()
}

// byLexicon is the score of the lexicons: VADER's compound where no phrase was found.
func (d *desk) byLexicon(compound float64, found topic.Result) float64 {
	s := compound
	if d.figures.Score != d.doc.Figures().Compound {
		s = d.figures.Score
	}
	if sentiment.LabelOf(s) == sentiment.Neutral {
		if mean, ok := found.Polarity(); ok {
			s, d.blended = mean, true
		}
	}
	return s
}

// clearly is the score from which a clause is good or bad beyond doubt: that of a
// valence of 1.3.
const clearly = 0.32

// shape tells how strong the strongest clause is, and whether good and bad stand
// side by side.
func (d *desk) shape() (intensity float64, mixed bool) {
	d.ends = d.ends[:0]
	for _, c := range d.doc.Clauses {
		d.ends = append(d.ends, c.End)
	}
	if len(d.ends) == 0 {
		d.ends = append(d.ends, len(d.doc.Text)) // emoji alone
	}
	d.clauses = d.lexicon.Parts(d.clauses[:0], d.ends)
	highest, lowest, strongest := 0.0, 0.0, 0.0
	for _, p := range d.clauses {
		sum := p.Positive + p.Negative
		highest, lowest, strongest = max(highest, sum), min(lowest, sum), max(strongest, p.Positive-p.Negative)
	}
	if strongest > 0 {
		strongest += d.doc.Emphasis()
	}
	mixed = highest > 0 && lowest < 0 && vader.Normalize(highest) >= clearly && vader.Normalize(lowest) <= -clearly
	return vader.Normalize(strongest), mixed
}

func lexical(score float64) Sentiment {
	return Sentiment{Label: LabelOf(score), Score: score, Confidence: sentiment.Confidence(score)}
}

func bySentimentModel(p model.Prediction) Sentiment {
	return Sentiment{Label: classLabels[p.Class], Score: p.Score(), Confidence: p.Confidence()}
}

var classLabels = [model.Classes]Label{model.Negative: Negative, model.Neutral: Neutral, model.Positive: Positive}

// LabelOf is the label of a score in -1..1.
func LabelOf(score float64) Label {
	switch sentiment.LabelOf(score) {
	case sentiment.Positive:
		return Positive
	case sentiment.Negative:
		return Negative
	}
	return Neutral
}
