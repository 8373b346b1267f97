package clickhouse

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"earshot/pipeline"
)

const (
	modelA = "learned@1 vader@3.3.2 lexicon@720bac06 restaurant@aaaaaaaa"
	modelB = "learned@1 vader@3.3.2 lexicon@720bac06 restaurant@bbbbbbbb topics@9"
)

// A taxonomy is recorded when it comes, not each time that a worker starts, and
// again when it comes back.
func TestTaxonomiesPutInForce(t *testing.T) {
	records := randomRecords(newRand(3), 60)
	events := 0
	for i := range records {
		records[i].Analysis.Model = modelA
		if records[i].Outcome == pipeline.OutcomeEvent {
			events++
		}
	}
	url, conn := freshDatabase(t)
	store(t, conn, records)
	ctx := context.Background()
	start := fixtureStart()
	for i, c := range []struct {
		version  string
		recorded bool
	}{{"restaurant@aaaaaaaa", true}, {"restaurant@aaaaaaaa", false}, {"coffee@cccccccc", true}, {"restaurant@aaaaaaaa", true}} {
		recorded, err := RecordTaxonomy(ctx, conn, c.version, []byte("pack: "+c.version+"\n"), start.Add(time.Duration(i)*time.Hour))
		if err != nil || recorded != c.recorded {
			t.Errorf("%d. %s: recorded %t, %v", i, c.version, recorded, err)
		}
	}
	// Two workers that start at once may both write it.
	if err := conn.Exec(ctx, "INSERT INTO taxonomies SELECT * FROM taxonomies WHERE version = 'coffee@cccccccc'"); err != nil {
		t.Fatal(err)
	}
	reader := openReadOnly(t, url)
	list, err := reader.Taxonomies(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range list {
		got = append(got, x.Version+" "+x.PutInForceAt.Format("15:04"))
	}
	if want := []string{"restaurant@aaaaaaaa 03:00", "coffee@cccccccc 02:00", "restaurant@aaaaaaaa 00:00"}; !slices.Equal(got, want) {
		t.Errorf("%q, expected %q", got, want)
	}
	if list[0].Events != uint64(events) || list[0].First == nil || list[1].Events != 0 || list[1].First != nil {
		t.Errorf("%+v", list)
	}
	for prefix, want := range map[string]int{"restaurant@aaaaaaaa": 1, "rest": 1, "aaaa": 1, "cccccccc": 1, "x": 0, "": 2, "%": 0} {
		texts, err := reader.TaxonomyTexts(ctx, prefix)
		if err != nil || len(texts) != want {
			t.Errorf("%q: %v, %v", prefix, texts, err)
		}
		for _, x := range texts {
			if x.YAML != "pack: "+x.Version+"\n" {
				t.Errorf("%+v", x)
			}
		}
	}
}

// Events tell of taxonomies that no worker recorded.
func TestTaxonomiesOfOldEvents(t *testing.T) {
	records := randomRecords(newRand(4), 40)
	for i := range records {
		records[i].Analysis.Model = modelB
	}
	list, err := storedFeedback(t, records).Taxonomies(context.Background())
	if err != nil || len(list) != 1 || list[0].Version != "restaurant@bbbbbbbb" || list[0].PutInForceAt != nil {
		t.Errorf("%+v, %v", list, err)
	}
}

// The words that are streamed are those that were analysed.
func TestTextsAreThoseAnalysed(t *testing.T) {
	records := randomRecords(newRand(5), 200)
	for i := range records {
		if e := records[i].Event; records[i].Outcome == pipeline.OutcomeEvent && i%9 == 0 {
			e.Turns = []pipeline.Turn{{Role: "agent", Text: "How can I help?"}, {Role: "customer", Text: "It's \"slow\""}, {Role: "customer", Text: "Größe\nok"}}
		}
	}
	want := map[string]string{}
	for _, r := range records {
		if r.Outcome == pipeline.OutcomeEvent {
			want[r.Event.ID], _ = pipeline.AnalysedText(r.Event)
		}
	}
	reader := storedFeedback(t, records)
	seen := 0
	err := reader.Texts(context.Background(), Filter{}, func(x StoredText) error {
		seen++
		if x.Text != want[x.ID] || x.Source == "" || x.HourOfWeek > 167 {
			t.Errorf("%+v, expected the text %q", x, want[x.ID])
		}
		return nil
	})
	if err != nil || seen != len(want) {
		t.Errorf("%d of %d texts, %v", seen, len(want), err)
	}
	stop := context.Canceled
	if err := reader.Texts(context.Background(), Filter{}, func(StoredText) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}
