package model

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"earshot/sentiment/vader"
)

// corpus makes labelled texts that a lexicon alone gets wrong: the class hangs
// on words of service that VADER does not list.
func corpus() (out []Example) {
	subjects := []string{"the queue", "our table", "my order", "the app", "delivery", "checkout"}
	ends := map[Class][]string{
		Negative: {"took forever", "arrived an hour late", "kept us waiting", "was overpriced", "never turned up"},
		Neutral:  {"opens at nine", "is on the left", "comes in two sizes", "has a number", "is next to the station"},
		Positive: {"went like clockwork", "was spot on", "made my day", "beat all expectations", "was worth every cent"},
	}
	for _, s := range subjects {
		for class := range Classes {
			for _, e := range ends[class] {
				out = append(out, Example{Text: s + " " + e + ".", Class: class})
			}
		}
	}
	return out
}

func train(t testing.TB) *Model {
	t.Helper()
	m, _, err := Train(context.Background(), corpus(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTrainLearnsWhatTheLexiconLacks(t *testing.T) {
	m := train(t)
	s := NewScorer(m)
	for text, want := range map[string]Class{
		"the parcel took forever": Negative, "support was spot on": Positive, "the shop opens at nine": Neutral,
	} {
		if p := s.Score(text, 0); p.Class != want {
			t.Errorf("%q: %v, want class %d", text, p, want)
		}
	}
}

// TestScorerForgets: what was read before changes no score.
func TestScorerForgets(t *testing.T) {
	m, err := Base()
	if err != nil {
		t.Fatal(err)
	}
	piece := rapid.SampledFrom([]string{"1", "#1", "a", "#a", "@a", "url", "<url>", "www.a.de", "!", "#!", "12", "#12", "USA", "#usa", ":)", "slow", "#slow", "sloooow"})
	texts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(t, "pieces"), " ")
	}), 1, 8)
	rapid.Check(t, func(t *rapid.T) {
		used := NewScorer(m)
		for _, text := range texts.Draw(t, "texts") {
			if got, want := used.Score(text, 0), NewScorer(m).Score(text, 0); got != want {
				t.Fatalf("%q: %v after other texts, %v as the first", text, got, want)
			}
		}
	})
}

func TestTrainIsDeterministic(t *testing.T) {
	var a, b bytes.Buffer
	if err := errors.Join(train(t).Write(&a), train(t).Write(&b)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two trainings on the same examples differ")
	}
}

// impatient is cancelled while somebody looks for the last of some times.
type impatient struct {
	context.Context
	looks int
}

func (c *impatient) Err() error {
	if c.looks--; c.looks <= 0 {
		return context.Canceled
	}
	return nil
}

// Many texts are not read or learned to the end once nobody waits.
func TestTrainStopsHalfWay(t *testing.T) {
	many := slices.Repeat(corpus(), 40)
	for _, looks := range []int{3, 6} { // while texts are read, in the first round of learning
		read := 0
		_, _, err := Train(&impatient{t.Context(), looks}, many, Options{Progress: func(done, _ int) { read = done }})
		if !errors.Is(err, context.Canceled) || read != 0 {
			t.Errorf("after %d looks: %d examples learned, %v", looks, read, err)
		}
	}
}

func TestTrainRefuses(t *testing.T) {
	one := []Example{{Text: "good", Class: Positive}}
	if _, _, err := Train(context.Background(), one, Options{}); !errors.Is(err, ErrTooFew) {
		t.Errorf("one example: %v", err)
	}
	if _, _, err := Train(context.Background(), []Example{{Class: 7}}, Options{}); err == nil || !strings.Contains(err.Error(), "example 1") {
		t.Errorf("bad class: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Train(ctx, corpus(), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestScorerAgreesWithTraining holds the folded, cached and quantised way of
// scoring against the plain sum over the features.
func TestScorerAgreesWithTraining(t *testing.T) {
	base, err := Base()
	if err != nil {
		t.Fatal(err)
	}
	vectors, err := WordVectors()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		vectors *Vectors
		base    *Model
	}{"words alone": {nil, nil}, "vectors": {vectors, nil}, "base": {nil, base}, "both": {vectors, base}} {
		t.Run(name, func(t *testing.T) {
			data, err := vectorise(t.Context(), corpus(), c.vectors, c.base)
			if err != nil {
				t.Fatal(err)
			}
			agree(t, data)
		})
	}
}

func agree(t *testing.T, data *dataset) {
	examples := corpus()
	f := newFit(data, seq(len(examples)), Options{}.withDefaults())
	if err := f.run(context.Background(), func(int) {}); err != nil {
		t.Fatal(err)
	}
	var want []Prediction
	for i := range data.rows {
		want = append(want, Prediction{P: softmax(f.logits(&data.rows[i]))})
	}
	m := f.model(calibrator{slope: 1})
	s := NewScorer(m)
	var v vader.Scorer
	for i, e := range examples {
		got := s.Score(e.Text, v.Score(e.Text).Compound)
		for c := range got.P {
			if math.Abs(got.P[c]-want[i].P[c]) > 1e-2 { // weights in 8 bits
				t.Fatalf("%q: %v, want %v", e.Text, got, want[i])
			}
		}
	}
}

func TestArtefactRoundTrip(t *testing.T) {
	m := train(t)
	m.TrainedOn = []Origin{{"own", 90, "GPL-3.0-or-later"}}
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		t.Fatal(err)
	}
	read, err := Read(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(read.Card) != fmt.Sprint(m.Card) || read.Version == "" {
		t.Errorf("card %v, want %v", read.Card, m.Card)
	}
	a, b := NewScorer(m), NewScorer(read)
	for _, e := range corpus() {
		if a.Score(e.Text, 0) != b.Score(e.Text, 0) {
			t.Fatalf("%q scores differently after a round trip", e.Text)
		}
	}
}

// TestWriteOnlyReads: workers score with a model while a command or the adapter stores
// it; the race detector sees whether storing touches a weight.
func TestWriteOnlyReads(t *testing.T) {
	m, err := Base()
	if err != nil {
		t.Fatal(err)
	}
	if h := m.hash(); h != m.Version {
		t.Errorf("the shipped model's version is %s, its weights hash to %s", m.Version, h)
	}
	files := make([]bytes.Buffer, 4)
	errs := make([]error, len(files))
	var done sync.WaitGroup
	for i := range files {
		done.Go(func() { errs[i] = m.Write(&files[i]) })
	}
	done.Go(func() { NewScorer(m).Score("the waiter was rude", -.5) })
	done.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(files[0].Bytes(), files[3].Bytes()) {
		t.Error("one model gave two files")
	}
}

func TestReadRefuses(t *testing.T) {
	var file bytes.Buffer
	if err := train(t).Write(&file); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	newer := bytes.Clone(whole)
	newer[len(format().Magic)] = 9
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	for name, data := range map[string][]byte{
		"empty": nil, "foreign": []byte("PK\x03\x04 something else"), "cut": whole[:len(whole)/2], "newer": newer, "damaged": flipped,
	} {
		if _, err := Read(data); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestScoreAllocatesNothing(t *testing.T) {
	s := NewScorer(train(t))
	text := strings.Repeat("The queue took FOREVER but our waiter was sooo nice 😀 :) #slow @chain ", 5)
	if n := testing.AllocsPerRun(50, func() { s.Score(text, 0.1) }); n > 0 {
		t.Errorf("%v allocations a text", n)
	}
}

func TestScoreIsADistribution(t *testing.T) {
	s := NewScorer(train(t))
	rapid.Check(t, func(t *rapid.T) {
		p := s.Score(rapid.String().Draw(t, "text"), rapid.Float64Range(-1, 1).Draw(t, "compound"))
		if sum := p.P[0] + p.P[1] + p.P[2]; math.Abs(sum-1) > 1e-9 || math.IsNaN(sum) {
			t.Fatalf("%v adds up to %v", p, sum)
		}
	})
}

// TestLongTexts: said a thousand times it means what it means said twenty times.
func TestLongTexts(t *testing.T) {
	m, err := Base()
	if err != nil {
		t.Fatal(err)
	}
	s := NewScorer(m)
	var v vader.Scorer
	for _, said := range []string{
		"The colour is nice, but after two washes it was full of holes and cannot be worn. ",
		"I ordered the large one and it is too small, so I sent it back. ", "It is a good gift! ", "good food ", "the worst gym in town ",
	} {
		score := func(times int) Prediction {
			text := strings.Repeat(said, times)
			return s.Score(text, v.Score(text).Compound)
		}
		want := score(20)
		for _, times := range []int{50, 200, 3000} {
			if p := score(times); p.Class != want.Class || math.Abs(p.Score()-want.Score()) > 0.05 {
				t.Errorf("%q said %d times: %+v, said 20 times %+v", said, times, p, want)
			}
		}
	}
}

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		"Soooo SLOW!!!":                 "soo <elong> slow <caps> !!",
		"does n't work, can't pay":      "doesn't work , can't pay",
		"@Chain see https://x.y/z?a b":  "<user> @chain see <url> b",
		"#WorstService &amp; 10 of 250": "#worstservice worstservice & 10 of <n3>",
		"nice :) <3 ... ok?!":           "nice :) <3 ... ok !?",
		"it’s fine":                     "it's fine",
	} {
		var tk tokens
		tk.scan(text)
		var got []string
		for i := range tk.list {
			got = append(got, string(tk.bytes(i)))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", text, strings.Join(got, " "), want)
		}
	}
}

func FuzzScore(f *testing.F) {
	s := NewScorer(train(f))
	for _, seed := range []string{"", "\xff", "n't", "a n't n't", "@", "#😀", "http://", strings.Repeat("x", 10_000), "&lt;;&"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p := s.Score(text, 0); math.IsNaN(p.P[0] + p.P[1] + p.P[2]) {
			t.Errorf("%v", p)
		}
	})
}

func BenchmarkScore(b *testing.B) {
	s := NewScorer(train(b))
	var v vader.Scorer
	text := "We waited 50 minutes at lunch and nobody said sorry. The soup was cold, but the waiter was really friendly and the dessert GREAT!! 😀"
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s.Score(text, v.Score(text).Compound)
	}
}

func seq(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// TestShippedModel holds the embedded artefacts to what the documentation says of them.
func TestShippedModel(t *testing.T) {
	m, err := Base()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.keys) < 40_000 || len(m.TrainedOn) < 5 {
		t.Errorf("%d words, trained on %d sets", len(m.keys), len(m.TrainedOn))
	}
	for _, o := range m.TrainedOn {
		if o.Licence == "" || o.Rows == 0 {
			t.Errorf("%+v", o)
		}
	}
	s := NewScorer(m)
	var v vader.Scorer
	for text, want := range map[string]Class{
		"you cancelled my flight and nobody called back": Negative,
		"thank you for the quick help at the desk":       Positive,
		"what time does the store open on sunday?":       Neutral,
		"the waiter was lovely and the soup delicious":   Positive,
		"on hold for two hours, still no answer":         Negative,
	} {
		if p := s.Score(text, v.Score(text).Compound); p.Class != want {
			t.Errorf("%q: %v, want class %d", text, p, want)
		}
	}
}

func TestTrainGoesOnFromBase(t *testing.T) {
	base, err := Base()
	if err != nil {
		t.Fatal(err)
	}
	m, held, err := Train(context.Background(), corpus(), Options{Base: base})
	if err != nil {
		t.Fatal(err)
	}
	if m.Base != base.Version || held.Base.Total() != len(corpus()) || held.Confusion.Total() != len(corpus()) {
		t.Errorf("base %q, held back %v", m.Base, held)
	}
	if held.KeepBase() {
		t.Errorf("the base does as well as what was trained: %v and %v", held.Base, held.Confusion)
	}
}
