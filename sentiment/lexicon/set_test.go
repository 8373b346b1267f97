package lexicon

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"

	"earshot/sentiment"
)

// labelledText is what the tests look at of a row of a public set. The sets lie
// beside the repository and are not part of it.
type labelledText struct {
	Text  string `json:"text"`
	Label string `json:"label"`
}

func readSet(t *testing.T, name string) (out []labelledText) {
	t.Helper()
	f, err := os.Open("../../../shared/data/" + name + ".jsonl.gz")
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
		if r.Label != "" {
			out = append(out, r)
		}
	}
	return out
}

// confusion counts truth by prediction; negative, neutral, positive.
type confusion [3][3]int

func (c confusion) figures() (accuracy, macroF1 float64) {
	right, all, classes := 0, 0, 0
	for k := range c {
		wrong := 0 // taken for k, or k not found
		for j := range c {
			all += c[k][j]
			if j != k {
				wrong += c[j][k] + c[k][j]
			}
		}
		right += c[k][k]
		if c[k] != [3]int{} {
			classes++
			macroF1 += 2 * float64(c[k][k]) / float64(2*c[k][k]+wrong)
		}
	}
	return float64(right) / float64(all), macroF1 / float64(classes)
}

// On feedback of six businesses the overlay is right more often than VADER.
func TestBeatsVADER(t *testing.T) {
	class := map[string]int{"negative": 0, "neutral": 1, "positive": 2}
	for set, pack := range map[string]string{
		"twitter_us_airline": "airline", "zomato_hyderabad": "restaurant", "uci_yelp": "restaurant",
		"starbucks": "restaurant", "womens_clothing": "retail", "datafiniti_hotel_titles": "hotel",
	} {
		o, err := Load([]string{"general", pack}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var d sentiment.Doc
		var s State
		var byVader, byOverlay confusion
		for _, r := range readSet(t, set) {
			d.Scan(r.Text)
			truth := class[r.Label]
			byVader[truth][sentiment.LabelOf(d.Figures().Compound)+1]++
			byOverlay[truth][sentiment.LabelOf(o.Score(&s, &d).Score)+1]++
		}
		accuracy, f1 := byVader.figures()
		better, betterF1 := byOverlay.figures()
		t.Logf("%-24s accuracy %.3f, VADER %.3f; macro-F1 %.3f, VADER %.3f", set, better, accuracy, betterF1, f1)
		if better <= accuracy || betterF1 <= f1 {
			t.Errorf("%s: no better than VADER", set)
		}
	}
}
