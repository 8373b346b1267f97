package model

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// stream repeats the corpus as rated events, whose raters see the class by rate.
func stream(n int, rate func(Example) Class) []Example {
	out := make([]Example, 0, n)
	for i := 0; len(out) < n; i = (i + 7) % 90 { // 7 and 90 share no divisor: classes mixed
		e := corpus()[i]
		e.Class = rate(e)
		out = append(out, e)
	}
	return out
}

func adapt(t *testing.T, examples []Example) (*Model, *AdaptReport) {
	t.Helper()
	base, err := Base()
	if err != nil {
		t.Fatal(err)
	}
	m, report, err := Adapt(context.Background(), base, nil, examples)
	if err != nil {
		t.Fatal(err)
	}
	return m, report
}

func TestAdaptLearnsTheStream(t *testing.T) {
	honest := func(e Example) Class { return e.Class }
	for _, c := range []struct {
		name   string
		events []Example
		want   Method
	}{
		{"few", stream(minRecalibrated-1, honest), Kept},
		{"words of its own", stream(240, honest), Retrained},
		{"nothing is neutral", stream(120, func(e Example) Class { return e.Class &^ Neutral }), Recalibrated},
		{"everything is bad news", stream(100, func(Example) Class { return Negative }), Kept},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, report := adapt(t, c.events)
			base, _ := Base()
			if report.Method != c.want || (m == base) != (c.want == Kept) {
				t.Fatalf("%s, want %s: %+v", report.Method, c.want, report)
			}
			if report.Adapted.Total() != report.Base.Total() || report.Adapted.Accuracy() < report.Base.Accuracy() {
				t.Errorf("judged on %d and %d, accuracy %.3f after %.3f", report.Adapted.Total(), report.Base.Total(), report.Adapted.Accuracy(), report.Base.Accuracy())
			}
			if c.want != Kept && (m.Base != base.Version || m.Version == base.Version || m.Examples != len(c.events)) {
				t.Errorf("card %+v", m.Card)
			}
		})
	}
}

// TestAdaptKeepsTheBase holds for ratings that say nothing: whatever the texts, they
// are rated in turn.
func TestAdaptKeepsTheBase(t *testing.T) {
	i := 0
	_, report := adapt(t, stream(140, func(e Example) Class { i++; return Class(i) % Classes }))
	if report.Adapted.Accuracy() < report.Base.Accuracy() {
		t.Errorf("worse than the base was adopted: %+v", report)
	}
}

func TestAdaptIsDeterministic(t *testing.T) {
	events := stream(200, func(e Example) Class { return e.Class })
	var a, b bytes.Buffer
	first, _ := adapt(t, events)
	second, _ := adapt(t, events)
	if err := errors.Join(first.Write(&a), second.Write(&b)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same events gave two models")
	}
	if read, err := Read(a.Bytes()); err != nil || read.Version != first.Version || read.hash() != first.Version {
		t.Errorf("stored and read again: %v", err)
	}
}

func TestAdaptStops(t *testing.T) {
	base, _ := Base()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Adapt(ctx, base, nil, stream(200, func(e Example) Class { return e.Class })); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestRecalibrationIsFinite holds for logits and weights of any size.
func TestRecalibrationIsFinite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		logits, examples := make([]row, n), make([]Example, n)
		for i := range logits {
			for c := range logits[i] {
				logits[i][c] = rapid.Float32Range(-30, 30).Draw(t, "logit")
			}
			examples[i] = Example{Class: Class(rapid.IntRange(0, 2).Draw(t, "class")), Weight: rapid.Float64Range(0.01, 5).Draw(t, "weight")}
		}
		a := recalibrate(logits, examples)
		for _, z := range append(logits, row{1, 0, -1}) {
			for _, p := range softmax(a.apply(z)) {
				if math.IsNaN(p) || p < 0 || p > 1 {
					t.Fatalf("probability %v of %v", p, z)
				}
			}
		}
		if n == 0 && a != unchanged() {
			t.Fatalf("nothing learned, but changed: %v", a)
		}
	})
}

// TestMixedModelAgrees holds the folded map against mapping the logits.
func TestMixedModelAgrees(t *testing.T) {
	base, err := Base()
	if err != nil {
		t.Fatal(err)
	}
	a := affine{mix: [Classes]row{{0.9, 0.1, 0}, {-0.2, 1.1, 0.3}, {0, 0.05, 0.7}}, shift: row{0.5, -0.25, 0.1}}
	plain, mapped := NewScorer(base), NewScorer(base.mixed(a, row{}))
	for _, e := range corpus() {
		want, got := a.apply(plain.logits(e.Text, 0.3)), mapped.logits(e.Text, 0.3)
		for c := range want {
			if math.Abs(float64(want[c]-got[c])) > 4e-2 { // weights in 8 bits, those of words rounded twice
				t.Fatalf("%q: %v, want %v", e.Text, got, want)
			}
		}
	}
}

func TestOneSided(t *testing.T) {
	of := func(negative, positive int) []Example {
		return append(make([]Example, negative), slices.Repeat([]Example{{Class: Positive}}, positive)...)
	}
	for _, c := range []struct {
		negative, positive int
		want               bool
	}{{50, 0, true}, {50, 7, true}, {49, 7, false}, {7, 49, false}, {2000, 24, true}, {2000, 25, false}, {0, 0, false}} {
		if got := oneSided(of(c.negative, c.positive)); got != c.want {
			t.Errorf("%d negative, %d positive: %v, want %v", c.negative, c.positive, got, c.want)
		}
	}
}

func TestBetterBeyondNoise(t *testing.T) {
	for _, c := range []struct {
		trial Trial
		want  bool
	}{
		{Trial{Gain: 2, Differ: 2, Sigma: 2}, true}, // too few to count: likelier
		{Trial{Gain: 2, Differ: 2, Sigma: 0.5}, false},
		{Trial{Gain: 0, Differ: 0, Sigma: 5}, false},  // likelier, but never more right
		{Trial{Gain: 4, Differ: 10, Sigma: 5}, false}, // 7 to 3 is what chance does
		{Trial{Gain: 6, Differ: 10, Sigma: 5}, true},
		{Trial{Gain: 10, Differ: 26, Sigma: 1.9}, true},
	} {
		if c.trial.better() != c.want {
			t.Errorf("%+v: %v", c.trial, !c.want)
		}
	}
}
