package phrase

import (
	"slices"
	"strings"
	"testing"

	"earshot/sentiment"
)

func candidatesOf(text string) []string {
	var d sentiment.Doc
	d.ScanTokens(text)
	var out []string
	for _, c := range Candidates(nil, &d) {
		out = append(out, c.Text(&d))
	}
	return out
}

func TestCandidates(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                 nil,
		"The QR code menu never loaded.":   {"qr code", "qr code menu", "code", "code menu", "menu", "loaded"},
		"great soup":                       {"soup"}, // praise names no theme
		"lack of parking":                  {"lack", "lack of parking", "parking"},
		"sold out of bagels":               {"sold", "sold out", "sold out of bagels", "bagels"},
		"three hours on hold":              {"hours on hold", "hold"}, // hours alone is none
		"soup, salad":                      {"soup", "salad"},         // a comma parts
		"@united http://t.co/ab1 a@b.com":  nil,
		"XXXX called on xx/xx/xxxx":        {"called"},
		"it's 12 of 345":                   nil,
		"See www.example.com/menu the 5g ": nil, // too short alone
		"5g tower":                         {"5g tower", "tower"},
		"Café crème brûlée":                {"café", "café crème", "café crème brûlée", "crème", "crème brûlée", "brûlée"},
	} {
		if got := candidatesOf(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, expected %q", text, got, want)
		}
	}
}

func FuzzCandidates(f *testing.F) {
	for _, text := range []string{"The QR code menu never loaded.", "@a http://b.c/d #NoWifi", "don't 'quote' it", "\xff\xfe ünïcödé 😀", strings.Repeat("slow soup ", 50), "a.b.c/d_e=f:g"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var d sentiment.Doc
		d.ScanTokens(text)
		last := Span{-1, 0}
		for _, c := range Candidates(nil, &d) {
			if c.First < 0 || c.End > len(d.Tokens) || c.End <= c.First || c.End-c.First > MaxWords {
				t.Fatalf("%+v of %d tokens", c, len(d.Tokens))
			}
			if c.First < last.First || c.First == last.First && c.End <= last.End {
				t.Fatalf("%+v comes after %+v", c, last)
			}
			last = c
			for i := c.First + 1; i < c.End; i++ {
				if d.Tokens[i].Break != sentiment.NoBreak {
					t.Fatalf("a mark parts %q", c.Text(&d))
				}
			}
			if len(ContentWords(c.Text(&d))) == 0 {
				t.Fatalf("%q says nothing", c.Text(&d))
			}
		}
	})
}
