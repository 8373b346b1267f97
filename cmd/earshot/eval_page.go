package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"earshot/sentiment/model"
)

//go:embed eval_page.html
var evalPageHTML string

// evalPage writes the reports as one page that needs nothing else: tables, the
// confusions and the reliability diagrams as SVG.
func evalPage(w io.Writer, reports []evalReport) error {
	page, err := template.New("eval").Funcs(template.FuncMap{
		"confusion": confusionCells, "reliability": reliabilityBars,
		"pct": func(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) },
		"f3":  func(x float64) string { return fmt.Sprintf("%.3f", x) },
	}).Parse(evalPageHTML)
	if err != nil {
		return err
	}
	return page.Execute(w, reports)
}

// square is one pair of truth and score in the confusion, with its share of the truth.
type square struct {
	X, Y, Count    int
	Share, Opacity float64
	Dark           bool // wants white figures
}

const cellSize = 90 // pixels

func confusionCells(c model.Confusion) (cells []square) {
	for truth, row := range c {
		total := 0
		for _, n := range row {
			total += n
		}
		for k, n := range row {
			share := float64(n) / float64(max(1, total))
			cells = append(cells, square{X: k * cellSize, Y: truth * cellSize, Count: n, Share: share, Opacity: 0.04 + 0.96*share, Dark: share > 0.55})
		}
	}
	return cells
}

// bar is a bin of the reliability diagram, in pixels of a square of 270.
type bar struct {
	X, Y, Width, Height, Expected float64
	Count                         int
	Opacity                       float64 // more for more rows
}

const diagramSize = 270

func reliabilityBars(c *model.Calibration) (bars []bar) {
	most := 1
	for _, b := range c.Bins {
		most = max(most, b.Count)
	}
	width := float64(diagramSize) / float64(len(c.Bins))
	for i, b := range c.Bins {
		if b.Count == 0 {
			continue
		}
		height := diagramSize * float64(b.Right) / float64(b.Count)
		bars = append(bars, bar{
			X: float64(i) * width, Y: diagramSize - height, Width: width - 2, Height: height,
			Expected: diagramSize * (1 - b.Confidence/float64(b.Count)), Count: b.Count,
			Opacity: 0.25 + 0.75*float64(b.Count)/float64(most),
		})
	}
	return bars
}
