package learned

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"earshot/sentiment"
)

// cafe are texts about food, staff or neither, good or bad.
func cafe() (out []Example) {
	foods := []string{"soup", "pasta", "salad", "burger", "dessert", "coffee", "bread", "steak"}
	staff := []string{"waiter", "waitress", "manager", "staff", "bartender", "server", "host", "cashier"}
	moods := []struct{ word, polarity string }{{"great", Positive}, {"awful", Negative}, {"delightful", Positive}, {"terrible", Negative}}
	for i, f := range foods {
		for _, m := range moods {
			s := staff[i]
			out = append(out,
				Example{fmt.Sprintf("The %s was %s.", f, m.word), []Label{{"food", m.polarity}}},
				Example{fmt.Sprintf("Our %s was %s!", s, m.word), []Label{{"staff", m.polarity}}},
				Example{fmt.Sprintf("We went there on day %d, %s trip.", i, m.word), nil})
		}
		out = append(out, Example{fmt.Sprintf("Great %s, but the %s was awful.", f, staff[i]), []Label{{"food", Positive}, {"staff", Negative}}},
			Example{fmt.Sprintf("Awful %s, but the %s was great.", f, staff[i]), []Label{{"food", Negative}, {"staff", Positive}}})
	}
	return out
}

var trained = sync.OnceValues(func() (*Model, *HeldBack) {
	m, held, err := Train(context.Background(), cafe(), Options{})
	if err != nil {
		panic(err)
	}
	return m, held
})

func TestTagAndPolarity(t *testing.T) {
	m, held := trained()
	if f := held.Micro().F1(); f < 0.9 {
		t.Errorf("micro-F1 held back: %.3f", f)
	}
	if right, all := held.Right(); float64(right) < 0.85*float64(all) {
		t.Errorf("polarities held back: %d of %d", right, all)
	}
	tagger := NewTagger(m)
	var doc sentiment.Doc
	for _, c := range []struct{ text, want string }{
		{"The steak was great.", "food positive steak"},
		{"Great coffee, but the waiter was awful.", "food positive coffee, staff negative waiter"},
		{"Awful soup, but the waitress was great.", "food negative soup, staff positive waitress"},
		{"We went there on day 3.", ""},
		{"", ""}, {"!!!", ""},
	} {
		doc.Scan(c.text)
		var got []string
		for _, f := range tagger.Tag(&doc) {
			p, ok := tagger.Polarity(f.Topic)
			if !ok || math.Abs(p.Score) > 1 {
				t.Errorf("%q: polarity of %s: %+v %t", c.text, f.Topic, p, ok)
			}
			got = append(got, f.Topic+" "+p.Label+" "+c.text[f.Start:f.End])
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%q: %s, want %s", c.text, s, c.want)
		}
	}
	if _, ok := tagger.Polarity("price"); ok || tagger.Knows("price") || !tagger.Knows("food") {
		t.Error("knows price or not food")
	}
}

// TestReaderIsTheTraining compares the folded rows with the vectors of the training.
func TestReaderIsTheTraining(t *testing.T) {
	m, _ := trained()
	r := newReader(m)
	var doc sentiment.Doc
	for _, text := range []string{"", "soup", "The soup of the waitress was not great, zxqv!", "Zürich’s café: 3.5 stars #slowservice"} {
		doc.Scan(text)
		r.read(&doc)
		v := topicVector(&doc, m.vectors, &ruleReader{rules: m.rules})
		for c := range m.Topics {
			want := 0.0
			for j, at := range v.at {
				want += float64(v.x[j] * m.labels.row(at)[c])
			}
			if math.Abs(want-float64(r.first.part(0)[c])) > 1e-3 {
				t.Errorf("%q, %s: %.5f, the vector gives %.5f", text, m.Topics[c], r.first.part(0)[c], want)
			}
		}
	}
}

func TestTrainIsDeterministic(t *testing.T) {
	m, _ := trained()
	again, _, err := Train(context.Background(), cafe(), Options{})
	if err != nil || again.Version != m.Version {
		t.Errorf("version %s, then %s: %v", m.Version, again.Version, err)
	}
}

func TestTrainRefuses(t *testing.T) {
	few := cafe()[:9]
	if _, _, err := Train(context.Background(), few, Options{}); !errors.Is(err, ErrTooFew) {
		t.Errorf("few: %v", err)
	}
	var many []Example
	for i := range enough * (maxTopics + 1) {
		many = append(many, Example{"text", []Label{{fmt.Sprint("topic", i%(maxTopics+1)), ""}}})
	}
	if _, _, err := Train(context.Background(), many, Options{}); err == nil || !strings.Contains(err.Error(), "at most 128") {
		t.Errorf("many: %v", err)
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Train(stopped, cafe(), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestArtefact(t *testing.T) {
	m, _ := trained()
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		t.Fatal(err)
	}
	again, err := Read(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	a, b := NewTagger(m), NewTagger(again)
	var doc sentiment.Doc
	for _, e := range cafe() {
		doc.Scan(e.Text)
		x, y := fmt.Sprint(a.Tag(&doc)), fmt.Sprint(b.Tag(&doc))
		p, _ := a.Polarity("food")
		q, _ := b.Polarity("food")
		if x != y || p != q {
			t.Fatalf("%q: %s %v, from the file %s %v", e.Text, x, p, y, q)
		}
	}
	broken := func(change func([]byte) []byte) []byte { return change(bytes.Clone(file.Bytes())) }
	for says, data := range map[string][]byte{
		"not a topics model":     []byte("EARSHOT-SENTIMENT and more, as long as you like it to be"),
		"checksum":               broken(func(b []byte) []byte { b[len(b)/2] ^= 1; return b }),
		"format 9":               broken(func(b []byte) []byte { b[len(format().Magic)] = 9; return b }),
		"of this version: the f": file.Bytes()[:file.Len()-7],
		"of this version":        nil,
	} {
		if _, err := Read(data); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %s", err, says)
		}
	}
}

func TestReadForeignBase(t *testing.T) {
	m, _ := trained()
	foreign := *m
	foreign.Base = "0123456789ab"
	var file bytes.Buffer
	if err := foreign.Write(&file); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(file.Bytes()); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "train it again") {
		t.Errorf("%v", err)
	}
}

func FuzzRead(f *testing.F) {
	m, _ := trained()
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes()[:200])
	f.Add([]byte(format().Magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := Read(data); err != nil && !errors.Is(err, ErrFormat) {
			t.Error(err)
		}
		if again := (&Model{Card: m.Card}); again.read(data) == nil {
			NewTagger(&Model{Card: m.Card, labels: again.labels, polarity: again.polarity, vectors: m.vectors, base: m.base, rules: again.rules})
		}
	})
}

// TestOneTopicEach trains without polarities and with one topic a text: the likeliest wins.
func TestOneTopicEach(t *testing.T) {
	var one []Example
	for _, e := range cafe() {
		if len(e.Topics) == 1 {
			one = append(one, Example{e.Text, []Label{{Topic: e.Topics[0].Topic}}})
		}
	}
	m, held, err := Train(context.Background(), one, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m.Least != 1 || m.Most != 1 || m.Polarities != nil || held.Polarities != nil {
		t.Errorf("least %d, most %d, polarities %v", m.Least, m.Most, m.Polarities)
	}
	tagger := NewTagger(m)
	var doc sentiment.Doc
	doc.Scan("Great soup, but the waiter was awful.")
	if found := tagger.Tag(&doc); len(found) != 1 {
		t.Errorf("%v", found)
	}
	if _, ok := tagger.Polarity("food"); ok {
		t.Error("a polarity that nobody told")
	}
}

const speech = "The pasta was great and the dessert even better, but our waiter forgot the bread twice and the manager did not care at all."

func TestNoAllocations(t *testing.T) {
	m, _ := trained()
	tagger := NewTagger(m)
	var doc sentiment.Doc
	doc.Scan(speech)
	if n := testing.AllocsPerRun(100, func() {
		for _, f := range tagger.Tag(&doc) {
			tagger.Polarity(f.Topic)
		}
	}); n > 0 {
		t.Errorf("%v allocations a text", n)
	}
}

func BenchmarkTag(b *testing.B) {
	m, _ := trained()
	tagger := NewTagger(m)
	var doc sentiment.Doc
	doc.Scan(speech)
	b.Run("topics", func(b *testing.B) {
		for b.Loop() {
			tagger.Tag(&doc)
		}
	})
	b.Run("topics and a polarity", func(b *testing.B) {
		for b.Loop() {
			tagger.Tag(&doc)
			tagger.Polarity("food")
		}
	})
}
