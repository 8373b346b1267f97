package phrase

import (
	"slices"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	const text = "The loyalty card never works and the gluten free bread tasted like wet cardboard."
	found, err := f.Find(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range found {
		got = append(got, text[p.Start:p.End])
	}
	for _, want := range []string{"loyalty card", "gluten free bread"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
}

func TestFindAnything(t *testing.T) {
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", " ", "\xff\xfe", "😀😀 👨‍👩‍👧", "...", "''", "don't \"quote", "(((", "a", "İstanbul ﬁne", "&amp; http://x.y/z?a=b #tag @me",
		strings.Repeat("a", 3000), strings.Repeat("slow soup ", 100), strings.Repeat(".", 500), "\x00\x01 x"} {
		found, err := f.Find(text)
		if err != nil {
			t.Errorf("%.20q: %v", text, err)
		}
		for _, p := range found {
			if p.Start < 0 || p.End > len(text) || p.Start >= p.End {
				t.Errorf("%.20q: offsets %d to %d", text, p.Start, p.End)
			}
		}
	}
}
