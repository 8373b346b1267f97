package model

import (
	"math"
	"testing"
)

func TestCalibrationError(t *testing.T) {
	var c Calibration
	if c.Error() != 0 {
		t.Error("error without predictions")
	}
	for i := range 10 {
		c.Add(0.95, i < 5) // sure at .95, right half of the time
		c.Add(0.5, i < 5)  // just as sure as right
	}
	if got, want := c.Error(), 0.225; math.Abs(got-want) > 1e-9 {
		t.Errorf("error %v, want %v", got, want)
	}
	c.Add(1, true) // the upper end belongs to the last bin
	if c.Bins[bins-1].Count != 11 {
		t.Error("confidence 1 is not in the last bin")
	}
}

func TestConfusion(t *testing.T) {
	c := Confusion{Negative: {8, 1, 1}, Neutral: {2, 3, 0}, Positive: {0, 0, 5}}
	if got := c.Accuracy(); got != 0.8 {
		t.Errorf("accuracy %v, want 0.8", got)
	}
	p, r, f1, n := c.Of(Negative)
	if p != 0.8 || r != 0.8 || math.Abs(f1-0.8) > 1e-12 || n != 10 {
		t.Errorf("negative: %v %v %v %d", p, r, f1, n)
	}
	if got, want := c.MacroF1(), (0.8+2*3.0/9+10.0/11)/3; math.Abs(got-want) > 1e-12 {
		t.Errorf("macro-F1 %v, want %v", got, want)
	}
}
