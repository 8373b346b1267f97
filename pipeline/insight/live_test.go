package insight

import (
	"math"
	"testing"

	"earshot/sentiment/model"
)

func TestLive(t *testing.T) {
	cells := []LiveCell{
		{"chat", "en", "negative", "negative", 14, 8, 7.6},
		{"chat", "en", "negative", "positive", 14, 2, 1.9},
		{"chat", "de", "neutral", "neutral", 7, 1, 0.5},
		{"review", "en", "positive", "positive", 10, 30, 21},
	}
	all := Live(cells, false, false)
	if len(all) != 1 || all[0].Rated != 41 || math.Abs(all[0].Accuracy-39.0/41) > 1e-12 || all[0].Confusion[model.Negative][model.Positive] != 2 {
		t.Fatalf("all: %+v", all)
	}
	if a := all[0]; a.Low >= a.Accuracy || a.High <= a.Accuracy {
		t.Errorf("interval %v – %v around %v", a.Low, a.High, a.Accuracy)
	}
	// gaps: |9.5-8|, |.5-1|, |21-30|
	if got, want := all[0].ECE, (1.5+0.5+9)/41; math.Abs(got-want) > 1e-9 {
		t.Errorf("calibration error %v, want %v", got, want)
	}
	by := Live(cells, true, false)
	if len(by) != 2 || by[0].Channel != "review" || by[0].Accuracy != 1 || by[1].Channel != "chat" || by[1].Rated != 11 || by[1].Language != "" {
		t.Errorf("by channel: %+v", by)
	}
	if both := Live(cells, true, true); len(both) != 3 {
		t.Errorf("by channel and language: %+v", both)
	}
	if none := Live(nil, true, true); none == nil || len(none) != 0 {
		t.Errorf("of nothing: %v", none)
	}
}
