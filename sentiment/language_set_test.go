package sentiment

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"
	"unicode/utf8"
)

// labelledText is what the tests look at of a row of a public set. The sets lie
// beside the repository and are not part of it.
type labelledText struct {
	Text   string   `json:"text"`
	Lang   string   `json:"lang"`
	Label  string   `json:"label"`
	Rating *float64 `json:"rating"`
}

func readSet(t *testing.T, name string) (out []labelledText) {
	t.Helper()
	f, err := os.Open("../../shared/data/" + name + ".jsonl.gz")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the public sets are not beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	gz, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(gz)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var r labelledText
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	if in.Err() != nil {
		t.Fatal(in.Err())
	}
	return out
}

// Tweets of 20 characters and more in seven languages: 95 % at least.
func TestLanguageAccuracy(t *testing.T) {
	var d Doc
	right, all := map[string]int{}, map[string]int{}
	for _, r := range readSet(t, "umsab") {
		if r.Lang == "hi" || utf8.RuneCountInString(r.Text) < 20 { // hi is Hinglish in Latin letters
			continue
		}
		d.Scan(r.Text)
		all[r.Lang]++
		all[""]++
		if d.Language().Code == r.Lang {
			right[r.Lang]++
			right[""]++
		}
	}
	for lang, n := range all {
		t.Logf("%-2s %.4f of %d", lang, float64(right[lang])/float64(n), n)
	}
	if accuracy := float64(right[""]) / float64(all[""]); accuracy < 0.95 {
		t.Errorf("accuracy %.4f, want .95", accuracy)
	}
}

// English feedback is not lost as foreign: three in a thousand texts at the most.
func TestEnglishPassesForEnglish(t *testing.T) {
	var d Doc
	for _, set := range []string{"twitter_us_airline", "uci_yelp", "zomato_hyderabad", "womens_clothing", "sst2", "amazon_alexa", "starbucks"} {
		rows, foreign := readSet(t, set), 0
		for _, r := range rows {
			d.Scan(r.Text)
			if !d.Language().English {
				foreign++
			}
		}
		t.Logf("%s: %d of %d taken for foreign", set, foreign, len(rows))
		if foreign*1000 > 3*len(rows) {
			t.Errorf("%s: too many", set)
		}
	}
}
