package intake

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"earshot/pipeline"
)

// dataset is a public set of labelled feedback and how it is fed.
type dataset struct {
	name    string
	source  string // --set source=
	mapping string // --map, beside the common one
	dated   bool   // the set has times of its own
	valid   int
	invalid map[pipeline.Reason]int
}

// setDate stands in where a set has no times: --set occurred_at=.
const setDate = "2026-06-01T12:00:00Z"

// datasets are the development sets; they lie beside the repository and are
// not part of it.
func datasets() []dataset {
	return []dataset{
		{"amazon_alexa", "review", "product=raw.variation", true, 1515, nil},
		{"amazon_echo", "review", "product=raw.variation", true, 8908, nil},
		{"amazon_echo_allstars", "review", "product=raw.variation", true, 717, nil},
		{"cfpb", "email", "product=raw.Product", true, 755, nil},
		{"datafiniti_hotel_full", "review", "title=raw.title", false, 78, nil},
		{"datafiniti_hotel_titles", "review", "", false, 4776, nil},
		{"hu_liu_cr", "review", "product=raw.product", false, 1955, nil},
		{"mams_acsa", "review", "", false, 3141, nil},
		{"semeval14_laptops", "review", "", false, 3031, nil},
		{"semeval14_restaurants", "review", "", false, 2999, nil},
		{"semeval15_restaurants", "review", "", false, 1282, nil},
		{"semeval16_laptops", "review", "", false, 1728, nil},
		{"semeval16_restaurants", "review", "", false, 1282, nil},
		{"semeval16_restaurants_nl", "review", "", false, 838, nil},
		{"sentihood", "other", "", false, 3677, nil},
		{"sst2", "review", "", false, 7729, nil},
		{"starbucks", "review", "", true, 414, nil},
		{"twitter_us_airline", "social", "platform=source,team=raw.airline", true, 7125, nil},
		{"uci_amazon", "review", "", false, 675, nil},
		{"uci_imdb", "review", "", false, 695, nil},
		{"uci_yelp", "review", "", false, 683, nil},
		{"umsab", "social", "platform=source", false, 17282, nil},
		{"uss_dialogues", "chat", "", false, 968, nil},
		{"vader_amazon", "review", "", false, 1849, nil},
		{"vader_tweets", "social", "platform=source", false, 2120, nil},
		{"womens_clothing", "review", "title=raw.title,product=raw.class", false, 11385, nil},
		{"zomato_hyderabad", "review", "platform=source", true, 4817, nil},
	}
}

func (d *dataset) options() Options {
	o := Options{
		Map:      []string{"text=text,rating=rating,location=location,language=lang"},
		Set:      []string{"source=" + d.source},
		IDPrefix: d.name + ":", // ids are unique within a set only
	}
	if d.mapping != "" {
		o.Map = append(o.Map, d.mapping)
	}
	if d.dated {
		o.Map = append(o.Map, "occurred_at=ts")
	} else {
		o.Set = append(o.Set, "occurred_at="+setDate)
	}
	return o
}

// Every row of the development sets is an event or has a reason.
func TestDatasets(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the development sets are not there:", err)
	}
	if testing.Short() {
		t.Skip("92,424 rows: not with -short")
	}
	ids := make(map[string]bool)
	rows := 0
	for _, d := range datasets() {
		t.Run(d.name, func(t *testing.T) {
			valid, invalid := feedDataset(t, filepath.Join(dir, d.name+".jsonl.gz"), d.options(), ids)
			rows += valid
			if valid != d.valid || len(invalid) != len(d.invalid) {
				t.Errorf("%d valid, invalid %v; want %d, %v", valid, invalid, d.valid, d.invalid)
			}
			for reason, n := range d.invalid {
				rows += invalid[reason]
				if invalid[reason] != n {
					t.Errorf("%d %s, want %d", invalid[reason], reason, n)
				}
			}
		})
	}
	if rows != 92424 || len(ids) != 92424 {
		t.Errorf("%d rows, %d events; want 92424 of both", rows, len(ids))
	}
}

func feedDataset(t *testing.T, path string, o Options, ids map[string]bool) (valid int, invalid map[pipeline.Reason]int) {
	t.Helper()
	m, err := NewMapping(o)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(path, nil, Auto)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := m.Check(f.Columns(), f.Preview(1000, 4<<20)); err != nil {
		t.Fatal(err)
	}
	c := NewConverter(m, f.Name, testNow)
	invalid = make(map[pipeline.Reason]int)
	for {
		row, err := f.Next()
		if err == io.EOF {
			return valid, invalid
		}
		if err != nil {
			t.Fatal(err)
		}
		got := c.Convert(row)
		if got.Reject != nil {
			invalid[got.Reject.Reason]++
			continue
		}
		valid++
		ids[got.Event.ID] = true
	}
}
