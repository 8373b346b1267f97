package learned

import "testing"

// TestTopicCosts: the model answers as the better of the costs does on held-back texts.
func TestTopicCosts(t *testing.T) {
	m, held := trained()
	again := *m
	training := &training{model: &again, examples: cafe()}
	rows := training.topicRows()
	best := 0.0
	for _, cost := range topicCosts {
		x, err := training.try(t.Context(), rows, cost)
		if err != nil {
			t.Fatal(err)
		}
		if x.cost != cost || len(x.second) != secondFeatures*len(m.Topics) || len(x.thresholds) != len(m.Topics) {
			t.Errorf("cost %g: %+v", cost, x)
		}
		best = max(best, x.held.Micro().F1())
	}
	if f := held.Micro().F1(); f != best {
		t.Errorf("micro-F1 held back %.4f, the better cost has %.4f", f, best)
	}
}
