package sentiment

import (
	"os"
	"strings"
	"testing"
)

// TestLanguages reads own sentences, code and text, in 28 languages.
func TestLanguages(t *testing.T) {
	data, err := os.ReadFile("testdata/languages.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var d Doc
	for line := range strings.Lines(string(data)) {
		code, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		d.Scan(text)
		got := d.Language()
		if got.Code != code && !(code == "en" && got.Code == Undetermined) || got.English != (code == "en") {
			t.Errorf("%q is %+v, want %s", text, got, code)
		}
	}
}

// What is of no language stays undetermined; in Latin letters it passes for English.
func TestUndetermined(t *testing.T) {
	for text, english := range map[string]bool{
		"": true, "😀😀": true, "ok": true, "12345": true, "@someone http://example.com/le/la/les": true, "Samsung Galaxy": true,
		"El Camino": true, "La Scala": true, "xyzzy qwrtp": true, "ꙮꙮꙮ": false,
	} {
		var d Doc
		d.Scan(text)
		if got := d.Language(); got.English != english {
			t.Errorf("%q is %+v", text, got)
		}
	}
}

// Handles, links and hashtags say nothing, unless there is nothing else.
func TestLanguageOfTweets(t *testing.T) {
	for text, code := range map[string]string{
		"@leloup @lapetite your flight was late http://fr.example.com/le/vol/est/tard":         "en",
		"@TheAirline Das hat wirklich super geklappt, vielen Dank https://the.example/and/you": "de",
		"#neverAgain #worst":                            "en",
		"RT @user: vc é demais #Love #Happy #GoodTimes": "pt",
		"graciassssss por todo":                         "es",
	} {
		var d Doc
		d.Scan(text)
		if got := d.Language(); got.Code != code {
			t.Errorf("%q is %+v, want %s", text, got, code)
		}
	}
}

func TestPlainEnglishAllocatesNothing(t *testing.T) {
	var d Doc
	d.Scan("We waited 40 minutes for our table and the service was painfully slow, but the food was really good!")
	d.Language()
	if n := testing.AllocsPerRun(100, func() { d.Language() }); n != 0 {
		t.Errorf("%.0f allocations", n)
	}
}

// TestLanguageIsTheSameAgain: trigrams that tie are no evidence for any language.
func TestLanguageIsTheSameAgain(t *testing.T) {
	for _, text := range []string{"tapas ramen burger taxi radio sushi flightr", "ramen radio flightr misto tapas burger flightr"} {
		var d Doc
		for range 50 {
			d.Scan(text)
			if got := d.Language(); got.Code != Undetermined {
				t.Fatalf("%q: %s, which is a matter of luck", text, got.Code)
			}
		}
	}
}
