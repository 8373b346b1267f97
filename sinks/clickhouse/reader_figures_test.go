package clickhouse

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"earshot/pipeline"
)

// drawFilter draws a filter with few conditions; most select something.
func drawFilter(t *rapid.T) Filter {
	var f Filter
	for range rapid.IntRange(0, 3).Draw(t, "conditions") {
		set := rapid.SampledFrom([]func(*rapid.T, *Filter){
			func(t *rapid.T, f *Filter) {
				f.Since = fixtureStart().Add(time.Duration(rapid.IntRange(-48, 250).Draw(t, "since")) * time.Hour)
			},
			func(t *rapid.T, f *Filter) {
				f.Until = fixtureStart().Add(time.Duration(rapid.IntRange(100, 400).Draw(t, "until")) * time.Hour)
			},
			func(t *rapid.T, f *Filter) {
				f.Source = rapid.SampledFrom([]string{"survey", "review", "sms"}).Draw(t, "source")
			},
			func(t *rapid.T, f *Filter) { f.Platform = "google" },
			func(t *rapid.T, f *Filter) {
				f.Location = rapid.SampledFrom([]string{"store-1", "it's", "' OR 1=1 --"}).Draw(t, "location")
			},
			func(t *rapid.T, f *Filter) { f.Product, f.Team = "p1", "t1" },
			func(t *rapid.T, f *Filter) { f.Agent, f.Segment = "a1", "vip" },
			func(t *rapid.T, f *Filter) {
				f.Topic = rapid.SampledFrom([]string{"service", "service.speed", "food", "serv"}).Draw(t, "topic")
			},
			func(t *rapid.T, f *Filter) { f.TopicSentiment = "negative" },
			func(t *rapid.T, f *Filter) { f.Context, f.Language = "peak_hours", "en" },
			func(t *rapid.T, f *Filter) { f.Sentiment = "negative" },
			func(t *rapid.T, f *Filter) { f.CustomerID = "c1" },
			func(t *rapid.T, f *Filter) {
				f.Text = rapid.SampledFrom([]string{"%", "_", `\`, "'", `"`, "größe éclair", "\t", "\n", "{x:String}", "本", "TITLE", "bye", "role"}).Draw(t, "text")
			},
			func(t *rapid.T, f *Filter) { h := rapid.IntRange(0, 167).Draw(t, "hour"); f.HourOfWeek = &h },
		}).Draw(t, "condition")
		set(t, &f)
	}
	return f
}

// questions compares each query with the same figure computed in Go; it returns
// the difference.
func questions(reader *Reader, records []pipeline.Record) map[string]func(Filter) (string, error) {
	ctx := context.Background()
	return map[string]func(Filter) (string, error){
		"kpis": func(f Filter) (string, error) {
			got, err := reader.KPIs(ctx, f)
			return difference(got, referenceKPIs(selected(f, records))), err
		},
		"trend": func(f Filter) (string, error) {
			got, err := reader.Trend(ctx, f)
			return difference(got, referenceTrend(f, selected(f, records))), err
		},
		"topics": func(f Filter) (string, error) {
			got, err := reader.Topics(ctx, f)
			return difference(got, referenceTopics(selected(f, records))), err
		},
		"heatmap": func(f Filter) (string, error) {
			got, err := reader.Heatmap(ctx, f)
			return difference(got, referenceHeatmap(selected(f, records))), err
		},
		"locations": func(f Filter) (string, error) {
			got, err := reader.Locations(ctx, f)
			return difference(got, referenceLocations(selected(f, records))), err
		},
		"hours": func(f Filter) (string, error) {
			got, err := reader.Hours(ctx, f)
			return difference(got, referenceHours(selected(f, records))), err
		},
		"tags": func(f Filter) (string, error) {
			got, err := reader.Tags(ctx, f, 100)
			return difference(got, referenceTags(selected(f, records))), err
		},
		"search": func(f Filter) (string, error) {
			ids := referenceIDs(selected(f, records))
			offset := len(ids) / 3
			got, err := reader.Search(ctx, f, 20, offset)
			return difference(idsOf(got), ids[offset:min(offset+20, len(ids))]), err
		},
	}
}

func difference(got, want any) string {
	return cmp.Diff(want, got, cmpopts.EquateApprox(1e-9, 1e-9))
}

func TestFiguresAreThoseOfThePlainComputation(t *testing.T) {
	records := randomRecords(newRand(5), 600)
	asked := questions(storedFeedback(t, records), records)
	names := slices.Sorted(maps.Keys(asked))
	period := Filter{Since: fixtureStart().Add(25 * time.Hour), Until: fixtureStart().Add(9 * 24 * time.Hour)}
	for _, f := range []Filter{{}, period} {
		for _, name := range names {
			if diff, err := asked[name](f); diff != "" || err != nil {
				t.Errorf("%s of %+v: %v\n(-want +got)\n%s", name, f, err, diff)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "question")
		if diff, err := asked[name](drawFilter(t)); diff != "" || err != nil {
			t.Fatalf("%v\n(-want +got)\n%s", err, diff)
		}
	})
}

func idsOf(found []Verbatim) []string {
	ids := []string{}
	for _, v := range found {
		ids = append(ids, v.EventID)
	}
	return ids
}

func TestSearchReturnsWhatWasStored(t *testing.T) {
	records := randomRecords(newRand(6), 300)
	reader := storedFeedback(t, records)
	found, err := reader.Search(context.Background(), Filter{}, 1000, 0)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]Verbatim{}
	for _, v := range found {
		byID[v.EventID] = v
	}
	for _, r := range selected(Filter{}, records) {
		v, e := byID[r.Event.ID], r.Event
		text := e.Text
		if said := customerWords(e); text == "" && said != nil {
			text = said[0] + "\n" + said[1]
		}
		if v.Text != text || v.Title != e.Title || !v.OccurredAt.Equal(e.OccurredAt) || v.OccurredAt.Location() != time.UTC ||
			v.Location != e.Location || v.Agent != e.Agent || v.Sentiment != string(r.Analysis.Sentiment.Label) ||
			v.JointSentiment != string(r.Analysis.Judgement().Label) || v.JointScore != float32(r.Analysis.Judgement().Score) {
			t.Errorf("%s: stored %+v, found %+v", e.ID, *e, v)
		}
		for i, m := range r.Analysis.Topics {
			if v.Topics[i] != m.Topic || v.TopicSentiments[i] != string(m.Sentiment) || v.TopicStarts[i] != uint32(m.Start) {
				t.Errorf("%s: topic %d is %s", e.ID, i, v.Topics[i])
			}
		}
	}
	odd := Filter{Contradiction: true}
	found, err = reader.Search(context.Background(), odd, 1000, 0)
	if want := len(selected(odd, records)); err != nil || len(found) != want || want == 0 {
		t.Errorf("%d ratings that contradict the text, %v, want %d", len(found), err, want)
	}
}

func TestChoices(t *testing.T) {
	records := randomRecords(newRand(7), 300)
	reader := storedFeedback(t, records)
	got, err := reader.Choices(context.Background(), Filter{Source: "review"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Sources, []string{"review"}) || !slices.Equal(got.Contexts, []string{"peak_hours"}) ||
		len(got.Locations) != 3 || len(got.Products) != 2 || len(got.Platforms) != 2 || len(got.Topics) != 5 {
		t.Errorf("choices: %+v", got)
	}
	rows := selected(Filter{Source: "review"}, records)
	uses := groupBy(rows, func(r *pipeline.Record) string { return r.Event.Location })
	if len(uses[got.Locations[0]]) < len(uses[got.Locations[1]]) || len(uses[got.Locations[1]]) < len(uses[got.Locations[2]]) {
		t.Errorf("locations are not by frequency: %v", got.Locations)
	}
	ids := referenceIDs(rows)
	for _, r := range rows {
		if r.Event.ID == ids[0] && !got.Last.Equal(r.Event.OccurredAt) || r.Event.ID == ids[len(ids)-1] && !got.First.Equal(r.Event.OccurredAt) {
			t.Errorf("period %s to %s", got.First, got.Last)
		}
	}
	none, err := reader.Choices(context.Background(), Filter{Source: "sms"})
	if err != nil || !none.First.IsZero() || none.Sources == nil || len(none.Sources) != 0 {
		t.Errorf("of nothing: %+v, %v", none, err)
	}
}

func TestFillDaysIsBounded(t *testing.T) {
	points := []TrendPoint{{Day: fixtureStart(), Volume: 1}}
	filled := fillDays(points, time.Time{}.Add(1), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	if len(filled) != maxTrendDays {
		t.Errorf("%d days", len(filled))
	}
}
