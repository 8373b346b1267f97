package phrase

import (
	"fmt"
	"math"
	"testing"
)

func TestJudge(t *testing.T) {
	finder, err := New()
	if err != nil {
		t.Fatal(err)
	}
	j := NewJudge(finder, 8)
	for candidate, want := range map[string]string{
		"qr code menu": Noun, "customer service": Noun, "lack of parking": Noun, "parking": Noun,
		"waive the fees": Verb, "sold out": Verb,
		"quickly": None, "": None, "...": None,
	} {
		if got, err := j.Kind(candidate); got != want || err != nil {
			t.Errorf("%q is %q, expected %q; %v", candidate, got, want, err)
		}
	}
}

func TestJudgeRemembers(t *testing.T) {
	finder, err := New()
	if err != nil {
		t.Fatal(err)
	}
	const limit = 10
	j := NewJudge(finder, limit)
	for i := range 60 {
		if _, err := j.Kind(fmt.Sprintf("number %d", i)); err != nil {
			t.Fatal(err)
		}
		if _, err := j.Kind("parking lot"); err != nil { // asked all the time, tagged once
			t.Fatal(err)
		}
		if n := len(j.fresh) + len(j.old); n > limit {
			t.Fatalf("%d verdicts are kept, at most %d may be", n, limit)
		}
	}
	if j.Tagged() != 61 {
		t.Errorf("%d candidates were tagged, 61 are distinct", j.Tagged())
	}
}

func TestCValue(t *testing.T) {
	for _, c := range []struct {
		words, frequency, inLonger, longer int
		want                               float64
	}{
		{2, 10, 0, 0, 10.2},  // stands alone: log2(2) + 0.02 times 10
		{2, 40, 40, 1, 0},    // qr code is only said in qr code menu
		{2, 40, 20, 2, 30.6}, // ten times on average in something longer
		{4, 10, 0, 0, 20.2},
		{1, 100, 0, 0, 2},
	} {
		if got := CValue(c.words, c.frequency, c.inLonger, c.longer); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%+v: %g", c, got)
		}
	}
}

func TestLogOdds(t *testing.T) {
	const total = 100_000
	usual, z := LogOdds(100, total, 1e-3)
	if math.Abs(usual) > 0.1 || math.Abs(z) > 1 {
		t.Errorf("as often as anywhere: %g, z %g", usual, z)
	}
	more, _ := LogOdds(1000, total, 1e-3)
	less, _ := LogOdds(10, total, 1e-3)
	if more < 1.5 || less > -0.7 { // the prior draws to the background
		t.Errorf("ten times more: %g, ten times less: %g", more, less)
	}
	few, zFew := LogOdds(3, total, 0)
	many, zMany := LogOdds(300, total, 0)
	if few > many || zFew > zMany || math.IsNaN(few) {
		t.Errorf("an unknown word three times: %g, z %g; 300 times: %g, z %g", few, zFew, many, zMany)
	}
	if d, _ := LogOdds(5, 5, 0); math.IsInf(d, 0) || math.IsNaN(d) {
		t.Errorf("nothing else is said: %g", d)
	}
}

func TestBackground(t *testing.T) {
	b := ReadBackground()
	if b.Rate("service") < 10*b.Rate("dress") || b.Rate("dress") == 0 || b.Rate("luggage") > 1e-4 {
		t.Errorf("service %g, dress %g, luggage %g", b.Rate("service"), b.Rate("dress"), b.Rate("luggage"))
	}
}
