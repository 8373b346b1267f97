package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/pipeline/insight"
	"earshot/pipeline/labelled"
	"earshot/sentiment"
	"earshot/sentiment/model"
	"earshot/sentiment/vader"
	"earshot/sinks/export"
)

func (p *program) evalCommand() *cobra.Command {
	var asJSON bool
	var page string
	var adapt []int
	var tools analysisFlags
	cmd := &cobra.Command{
		Use:   "eval FILE…",
		Short: "Measure sentiment accuracy on labelled JSONL",
		Long: `Reads labelled feedback as ` + "`earshot model train`" + ` does and prints accuracy with its
95 % interval, macro-F1, the accuracy on positive against negative alone, and the
expected calibration error: of Earshot's own scores (what ` + "`earshot analyze`" + ` says) and
of three baselines, which are the most frequent class, vader-go and VADER by the
reference rules; then Earshot's confusion and precision, recall and F1 of each class.
Texts that a model was trained on tell nothing. --html draws the confusions and the
reliability diagrams on a page of its own.

--adapt reads each file as a stream, in its order: the model adapts itself to the first
rows, as it does to a stream's own ratings, and is judged on all after them, beside the
model it started from.`,
		Example: `  earshot eval reviews.jsonl.gz
  earshot eval held-back.jsonl --model reviews.model --json
  earshot eval stream.jsonl --adapt 50,200,1000`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := errors.Join(checkInputs(args), checkOutput("--html", page)); err != nil {
				return err
			}
			if len(adapt) > 0 {
				return p.evalAdapt(cmd, args, tools, adapt, asJSON)
			}
			analyzer, _, err := p.analyzer(cmd, tools)
			if err != nil {
				return err
			}
			scorers := append(baselines(), analyzerScorer(analyzer))
			var reports []evalReport
			for _, path := range args {
				report, err := evaluate(path, scorers)
				if err != nil {
					return err
				}
				reports = append(reports, report)
			}
			if page != "" {
				if err := export.File(page, func(w io.Writer) error { return evalPage(w, reports) }); err != nil {
					return err
				}
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), reports)
			}
			return printEval(cmd.OutOrStdout(), reports)
		},
	}
	tools.add(cmd.Flags())
	cmd.Flags().IntSliceVar(&adapt, "adapt", nil, "learn from the first rows of the file, so many, and judge on the rest")
	cmd.Flags().StringVar(&page, "html", "", "write the confusions and reliability diagrams to this `FILE`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with the confusions and calibration bins")
	return cmd
}

// scorer is one way to classify a text.
type scorer struct {
	name  string
	score func(text string) judgement
	sure  bool // says how sure it is
}

// judgement is what a scorer says of a text.
type judgement struct {
	class      model.Class
	score      float64 // above 0 leans to positive
	confidence float64
	unscored   bool // counts as neutral
}

func byCompound(compound float64) judgement {
	v := judgement{class: model.Neutral, score: compound}
	switch sentiment.LabelOf(compound) {
	case sentiment.Positive:
		v.class = model.Positive
	case sentiment.Negative:
		v.class = model.Negative
	}
	return v
}

func baselines() []scorer {
	var v vader.Scorer
	return []scorer{
		{name: "vader-go", score: func(text string) judgement {
			return byCompound(vader.ByVaderGo(text).Compound)
		}},
		{name: "VADER", score: func(text string) judgement {
			return byCompound(v.Score(text).Rounded().Compound)
		}},
	}
}

// analyzerScorer is what is stored for an event. A text that is not scored counts
// as neutral.
func analyzerScorer(a *pipeline.TextAnalyzer) scorer {
	return scorer{name: "earshot", sure: true, score: func(text string) judgement {
		s := a.Analyze(&pipeline.Event{Text: text}).Sentiment
		v := judgement{class: model.Neutral, score: s.Score, confidence: s.Confidence, unscored: s.Label == pipeline.Unknown}
		switch s.Label {
		case pipeline.Positive:
			v.class = model.Positive
		case pipeline.Negative:
			v.class = model.Negative
		}
		return v
	}}
}

// evalReport is the measurement of one file.
type evalReport struct {
	Set        string       `json:"set"`
	Rows       int          `json:"rows"`
	Unlabelled int          `json:"unlabelled"`
	Scorers    []evalResult `json:"scorers"`
}

// evalResult is the measurement of one scorer. Confusion is truth by
// prediction, each in the order negative, neutral, positive.
type evalResult struct {
	Name        string             `json:"name"`
	Accuracy    float64            `json:"accuracy"`
	Low         float64            `json:"accuracy_low"`
	High        float64            `json:"accuracy_high"`
	MacroF1     float64            `json:"macro_f1"`
	Unscored    int                `json:"unscored"`        // rows without a judgement, which count as neutral
	Binary      float64            `json:"binary_accuracy"` // on rows labelled positive or negative: to which of the two the score leans
	ECE         *float64           `json:"calibration_error"`
	Classes     []classResult      `json:"classes"`
	Confusion   model.Confusion    `json:"confusion"`
	Calibration *model.Calibration `json:"calibration,omitempty"`
}

// classResult is the measurement of one class.
type classResult struct {
	Class     pipeline.Label `json:"class"`
	Precision float64        `json:"precision"`
	Recall    float64        `json:"recall"`
	F1        float64        `json:"f1"`
	Rows      int            `json:"rows"`
}

var classNames = [model.Classes]pipeline.Label{pipeline.Negative, pipeline.Neutral, pipeline.Positive}

func evaluate(path string, scorers []scorer) (evalReport, error) {
	report := evalReport{Set: setName(path)}
	confusions := make([]model.Confusion, len(scorers))
	calibrations := make([]model.Calibration, len(scorers))
	leaning, unscored := make([]int, len(scorers)), make([]int, len(scorers)) // to the right side; not judged
	var truths model.Confusion
	err := readLabelled(path, func(row labelled.Row) {
		truth, ok := classOf(row)
		if !ok {
			report.Unlabelled++
			return
		}
		report.Rows++
		truths[truth][truth]++
		for i, s := range scorers {
			v := s.score(row.Text)
			confusions[i][truth][v.class]++
			calibrations[i].Add(v.confidence, v.class == truth)
			if v.unscored {
				unscored[i]++
			}
			if truth != model.Neutral && (v.score > 0) == (truth == model.Positive) {
				leaning[i]++
			}
		}
	})
	if err != nil {
		return report, err
	}
	if report.Rows == 0 {
		return report, fmt.Errorf("%s: no row has a label or a rating", path)
	}
	report.Scorers = append(report.Scorers, majority(truths))
	for i, s := range scorers {
		result := measure(s.name, confusions[i], leaning[i])
		result.Unscored = unscored[i]
		if s.sure {
			ece := calibrations[i].Error()
			result.ECE, result.Calibration = &ece, &calibrations[i]
		}
		report.Scorers = append(report.Scorers, result)
	}
	return report, nil
}

// majority is the scorer that always says the most frequent class.
func majority(truths model.Confusion) evalResult {
	most := model.Negative
	for k := range model.Classes {
		if truths[k][k] > truths[most][most] {
			most = k
		}
	}
	var c model.Confusion
	for k := range model.Classes {
		c[k][most] = truths[k][k]
	}
	return measure("majority", c, max(c[model.Negative][model.Negative], c[model.Positive][model.Positive]))
}

func measure(name string, c model.Confusion, leaning int) evalResult {
	right := 0
	for k := range c {
		right += c[k][k]
	}
	r := evalResult{Name: name, Accuracy: c.Accuracy(), MacroF1: c.MacroF1(), Confusion: c}
	r.Low, r.High = insight.Wilson(right, c.Total())
	polar := 0
	for k, label := range classNames {
		precision, recall, f1, n := c.Of(model.Class(k))
		r.Classes = append(r.Classes, classResult{label, precision, recall, f1, n})
		if model.Class(k) != model.Neutral {
			polar += n
		}
	}
	if polar > 0 {
		r.Binary = float64(leaning) / float64(polar)
	}
	return r
}

func printEval(w io.Writer, reports []evalReport) error {
	var b strings.Builder
	for i, r := range reports {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: %d rows", r.Set, r.Rows)
		if r.Unlabelled > 0 {
			fmt.Fprintf(&b, ", %d without label left out", r.Unlabelled)
		}
		fmt.Fprintf(&b, "\n%-20s %8s %15s %8s %8s %6s\n", "", "accuracy", "95 %", "macro-F1", "pos/neg", "ECE")
		for _, s := range r.Scorers {
			ece := "-"
			if s.ECE != nil {
				ece = fmt.Sprintf("%.3f", *s.ECE)
			}
			fmt.Fprintf(&b, "%-20s %8.3f %7.3f – %.3f %8.3f %8.3f %6s\n", s.Name, s.Accuracy, s.Low, s.High, s.MacroF1, s.Binary, ece)
		}
		last := r.Scorers[len(r.Scorers)-1]
		if last.Unscored > 0 {
			fmt.Fprintf(&b, "%s did not score %d of the rows (language without a model, or no text), which count as neutral\n", last.Name, last.Unscored)
		}
		printClasses(&b, last)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// printClasses shows the confusion, truth by row, and the figures of each class.
func printClasses(b *strings.Builder, s evalResult) {
	fmt.Fprintf(b, "\n%-20s %30s\n%-10s %9s %9s %9s %10s %7s %6s\n", s.Name, "scored as", "truth", "negative", "neutral", "positive", "precision", "recall", "F1")
	for k, c := range s.Classes {
		n := s.Confusion[k]
		fmt.Fprintf(b, "%-10s %9d %9d %9d %10.3f %7.3f %6.3f\n", c.Class, n[model.Negative], n[model.Neutral], n[model.Positive], c.Precision, c.Recall, c.F1)
	}
}
