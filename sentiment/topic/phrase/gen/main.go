// Command gen writes background.tsv, how often words and pairs of words are said in
// feedback of any kind:
//
//	go run ./sentiment/topic/phrase/gen FOLDER > sentiment/topic/phrase/background.tsv
//
// FOLDER holds labelled sets as <name>.jsonl.gz. The rate of a word is the second
// largest of its rates in the sets: a word of one trade, such as the dresses of a
// clothing shop, is no background.
package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"earshot/sentiment"
	"earshot/sentiment/topic/phrase"
)

// sets may be counted and their counts passed on: CC0, CC BY, MIT, Apache 2.0 and
// public domain.
var sets = []string{"womens_clothing", "uci_amazon", "uci_imdb", "uci_yelp", "vader_tweets", "vader_amazon", "mams_acsa", "cfpb"}

const (
	largest    = 2    // which of the rates counts
	leastRate  = 5    // per million words
	leastTexts = 2    // of a set, below which it is chance
	longest    = 8000 // lines
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: gen FOLDER > background.tsv")
	}
	rates := map[string][]float64{}
	for _, set := range sets {
		if err := count(filepath.Join(os.Args[1], set+".jsonl.gz"), rates); err != nil {
			log.Fatalf("%s: %v", set, err)
		}
	}
	kept := map[string]float64{}
	for word, list := range rates {
		if len(list) < largest {
			continue
		}
		slices.SortFunc(list, func(a, b float64) int { return cmp.Compare(b, a) })
		if rate := list[largest-1]; rate >= leastRate {
			kept[word] = rate
		}
	}
	words := slices.SortedFunc(maps.Keys(kept), func(a, b string) int { return cmp.Or(cmp.Compare(kept[b], kept[a]), cmp.Compare(a, b)) })
	for _, word := range words[:min(len(words), longest)] {
		fmt.Printf("%s\t%.0f\n", word, kept[word])
	}
}

// count adds the rates of one set, in texts that say the word per million words.
func count(path string, rates map[string][]float64) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	counts, total := map[string]int{}, 0
	var d sentiment.Doc
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var row struct{ Text, Lang string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return err
		}
		d.Scan(row.Text)
		said := map[string]bool{}
		for _, c := range phrase.Candidates(nil, &d) {
			if word := c.Text(&d); c.End-c.First <= 2 && !said[word] {
				said[word] = true
				counts[word]++
				if c.End-c.First == 1 {
					total++
				}
			}
		}
	}
	for word, n := range counts {
		if n < leastTexts {
			continue
		}
		rates[word] = append(rates[word], float64(n)/float64(total)*1e6)
	}
	return lines.Err()
}
