package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"earshot/pipeline/insight"
	"earshot/pipeline/labelled"
	"earshot/sentiment/model"
	"earshot/sentiment/vader"
)

// learningCurve is what self-calibration would have made of one file, read as a
// stream.
type learningCurve struct {
	Set    string       `json:"set"`
	Rows   int          `json:"rows"`
	Base   string       `json:"base"` // version of the model it starts from
	Points []curvePoint `json:"points"`
}

// curvePoint learns from the first Learned rows and is judged on all after them.
type curvePoint struct {
	Learned int                `json:"learned"`
	Judged  int                `json:"judged"`
	Report  *model.AdaptReport `json:"report"`
	Base    curveScore         `json:"base"`
	Adapted curveScore         `json:"adapted"`
}

// curveScore is how right a model was on the rows judged.
type curveScore struct {
	Accuracy float64 `json:"accuracy"`
	Low      float64 `json:"accuracy_low"`
	High     float64 `json:"accuracy_high"`
	MacroF1  float64 `json:"macro_f1"`
	ECE      float64 `json:"calibration_error"`
}

func adaptCurve(ctx context.Context, path string, base *model.Model, steps []int) (learningCurve, error) {
	curve := learningCurve{Set: setName(path), Base: base.Version, Points: []curvePoint{}}
	var examples []model.Example
	err := readLabelled(path, func(row labelled.Row) {
		if class, ok := classOf(row); ok {
			examples = append(examples, model.Example{Text: row.Text, Class: class})
		}
	})
	if err != nil {
		return curve, err
	}
	vectors, err := model.WordVectors()
	if err != nil {
		return curve, err
	}
	curve.Rows = len(examples)
	for _, n := range steps {
		if n >= len(examples) {
			continue // nothing would be left to judge
		}
		adapted, report, err := model.Adapt(ctx, base, vectors, examples[:n])
		if err != nil {
			return curve, fmt.Errorf("%s: %w", path, err)
		}
		later := examples[n:]
		curve.Points = append(curve.Points, curvePoint{
			Learned: n, Judged: len(later), Report: report,
			Base: scoreCurve(base, later), Adapted: scoreCurve(adapted, later),
		})
	}
	return curve, nil
}

func scoreCurve(m *model.Model, examples []model.Example) curveScore {
	var confusion model.Confusion
	var calibration model.Calibration
	s, v := model.NewScorer(m), new(vader.Scorer)
	right := 0
	for _, e := range examples {
		p := s.Score(e.Text, v.Score(e.Text).Compound)
		confusion[e.Class][p.Class]++
		calibration.Add(p.Confidence(), p.Class == e.Class)
		if p.Class == e.Class {
			right++
		}
	}
	low, high := insight.Wilson(right, len(examples))
	return curveScore{confusion.Accuracy(), low, high, confusion.MacroF1(), calibration.Error()}
}

func printCurves(w io.Writer, curves []learningCurve) error {
	var b strings.Builder
	for i, c := range curves {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: %d rows in their order, from model %s\n", c.Set, c.Rows, c.Base)
		fmt.Fprintf(&b, "%8s %8s  %-12s %8s %15s %8s %6s   %8s %8s %6s\n", "learned", "judged", "", "accuracy", "95 %", "macro-F1", "ECE", "shipped", "macro-F1", "ECE")
		for _, p := range c.Points {
			a, s := p.Adapted, p.Base
			fmt.Fprintf(&b, "%8d %8d  %-12s %8.3f %7.3f – %.3f %8.3f %6.3f   %8.3f %8.3f %6.3f\n",
				p.Learned, p.Judged, p.Report.Method, a.Accuracy, a.Low, a.High, a.MacroF1, a.ECE, s.Accuracy, s.MacroF1, s.ECE)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p *program) evalAdapt(cmd *cobra.Command, files []string, tools analysisFlags, steps []int, asJSON bool) error {
	cfg, err := p.config(cmd)
	if err != nil {
		return err
	}
	name := tools.model
	if name == "" {
		name = cfg.Analysis.Model
	}
	base, err := loadModel(cmd.Context(), cfg, name)
	if err != nil {
		return err
	}
	if base == nil {
		return usagef("--adapt starts from a learned model: base or a file of earshot model train")
	}
	for _, n := range steps {
		if n < 1 {
			return usagef("--adapt %d: expected numbers of rows, such as 50,200,1000", n)
		}
	}
	curves := make([]learningCurve, 0, len(files))
	for _, path := range files {
		curve, err := adaptCurve(cmd.Context(), path, base, steps)
		if err != nil {
			return err
		}
		curves = append(curves, curve)
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), curves)
	}
	return printCurves(cmd.OutOrStdout(), curves)
}
