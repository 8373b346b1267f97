package vader

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestOwnTexts holds 560 texts of ours against the figures that the reference
// implementation printed for them.
func TestOwnTexts(t *testing.T) {
	f, err := os.Open("testdata/reference.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if rows := compare(t, f); rows < 500 {
		t.Errorf("only %d texts", rows)
	}
}

// TestSharedReference does the same for tens of thousands of real texts, which
// their licences keep out of this repository.
func TestSharedReference(t *testing.T) {
	f, err := os.Open("../../../shared/data/vader_reference.jsonl.gz")
	if err != nil {
		t.Skipf("the shared reference scores are not here: %v", err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if rows := compare(t, zr); rows < 38_000 {
		t.Errorf("only %d texts", rows)
	}
}

func compare(t *testing.T, r io.Reader) (rows int) {
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	var s Scorer
	wrong := 0
	for sc.Scan() {
		var want struct {
			Text string
			Scores
		}
		if err := json.Unmarshal(sc.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		rows++
		if got := s.Score(want.Text).Rounded(); got != want.Scores {
			if wrong++; wrong <= 10 {
				t.Errorf("%q: got %v, want %v", want.Text, got, want.Scores)
			}
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d equal to the reference", rows-wrong, rows)
	return rows
}

func TestWordsPointIntoTheText(t *testing.T) {
	var s Scorer
	text := "Bad 😀great, not😡 good :("
	s.Score(text)
	var got []string
	for _, w := range s.Words(nil) {
		got = append(got, text[w.Start:w.End])
	}
	// The emoji stands for "grinning", which is listed, and "facegreat", which is not.
	if want := "Bad|😀|good|:("; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
}

func FuzzScore(f *testing.F) {
	for _, seed := range []string{
		"", " ", "not good but great!!", "😀😀good", "\xff\xfe bad", "no", "a\x1cb", "ŉ't İ", "but bad but", strings.Repeat("good but ", 50),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s Scorer
		got := s.Score(text)
		if !(got.Compound >= -1 && got.Compound <= 1) {
			t.Errorf("compound %v", got.Compound)
		}
		if shares := got.Pos + got.Neu + got.Neg; shares != 0 && (shares < .999999 || shares > 1.000001) {
			t.Errorf("shares add up to %v", shares)
		}
		for _, w := range s.Words(nil) {
			if w.Start < 0 || w.Start >= w.End || w.End > len(text) {
				t.Fatalf("word %d..%d of %d bytes", w.Start, w.End, len(text))
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[w.Start:w.End]) {
				t.Errorf("word %q cuts a character", text[w.Start:w.End])
			}
		}
		if again := s.Score(text); again != got {
			t.Errorf("scored %v, then %v", got, again)
		}
	})
}

func BenchmarkScore(b *testing.B) {
	text := "We waited 50 minutes at lunch and nobody said sorry. The soup was cold, but the waiter was really friendly and the dessert GREAT!! 😀"
	var s Scorer
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s.Score(text)
	}
}
