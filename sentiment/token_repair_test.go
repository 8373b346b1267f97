package sentiment

import (
	"slices"
	"strings"
	"testing"
)

func forms(d *Doc) (out []string) {
	for i := range d.Tokens {
		out = append(out, string(d.Lower(i)))
	}
	return out
}

func TestTokensAreRepaired(t *testing.T) {
	for text, want := range map[string]string{
		"#worstservice":                     "worst service",
		"#NeverAgain":                       "never again",
		"#xqzbrand":                         "xqzbrand",
		"worstservice":                      "worstservice", // no hashtag
		"so sloooow and goooood":            "so slow and good",
		"zzz www aaa":                       "zzz www aaa",
		"1000 points":                       "1000 points",
		"I don&#39;t like fish &amp; chips": "i don't like fish chips",
		"R&amp;B &lt;3 &nbsp; x":            "r b 3 x",
		"a &notanentity; b & c":             "a notanentity b c",
		"👩‍👩‍👧 👍🏽 🇩🇪 good":                  "good",
		"@VirginAmerica http://t.co/aB1":    "virginamerica http t co ab1",
	} {
		var d Doc
		d.Scan(text)
		if got := strings.Join(forms(&d), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		checkOffsets(t, &d)
	}
}

func TestSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"":                           nil,
		"one":                        {"one"},
		"One. Two! Three?":           {"One. ", "Two! ", "Three?"},
		"see t.co/x.y for 3.5 stars": {"see t.co/x.y for 3.5 stars"},
		"line\nline":                 {"line\n", "line"},
	} {
		var d Doc
		var got []string
		d.Scan(text)
		for _, s := range d.Sentences(nil) {
			got = append(got, text[s.Start:s.End])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
