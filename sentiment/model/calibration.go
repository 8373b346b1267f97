package model

import "math"

// bins of the reliability diagram (Guo et al., "On Calibration of Modern Neural
// Networks", ICML 2017).
const bins = 15

// Calibration compares how sure predictions were with how often they were
// right. The zero value is empty.
type Calibration struct {
	Bins [bins]Bin `json:"bins"` // of equal width over 0..1
}

// Bin counts the predictions of one range of confidence.
type Bin struct {
	Count      int     `json:"count"`
	Right      int     `json:"right"`
	Confidence float64 `json:"confidence"` // sum over Count
}

// Add counts a prediction made with a confidence in 0..1.
func (c *Calibration) Add(confidence float64, right bool) {
	b := &c.Bins[min(bins-1, int(max(0, confidence)*bins))]
	b.Count++
	b.Confidence += confidence
	if right {
		b.Right++
	}
}

// Error is the expected calibration error: the mean gap between confidence and
// accuracy, weighted by the bins' counts; 0 without predictions.
func (c *Calibration) Error() float64 {
	total, gaps := 0, 0.0
	for _, b := range c.Bins {
		total += b.Count
		gaps += math.Abs(b.Confidence - float64(b.Right))
	}
	if total == 0 {
		return 0
	}
	return gaps / float64(total)
}
