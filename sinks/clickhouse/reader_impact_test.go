package clickhouse

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"earshot/pipeline"
	"earshot/pipeline/insight"
)

// kpiOf is what a record adds to a KPI: 1, 0 or -1.
func kpiOf(kpi insight.KPI, r *pipeline.Record) (float64, bool) {
	v, ok := map[insight.KPI]func(*pipeline.Record) (float64, bool){
		insight.NPS: npsOf, insight.CSAT: csatOf, insight.NetSentiment: netOf,
	}[kpi](r)
	return v / 100, ok
}

// spokenOf are the topics a record mentions in a sentiment, each once.
func spokenOf(r *pipeline.Record, sentiment pipeline.Label) []string {
	topics := map[string]bool{}
	for _, m := range r.Analysis.Topics {
		if m.Sentiment == sentiment {
			topics[m.Topic] = true
		}
	}
	return slices.Sorted(maps.Keys(topics))
}

func TestTopicVotes(t *testing.T) {
	records := randomRecords(newRand(21), 500)
	reader := storedFeedback(t, records)
	for name, f := range map[string]Filter{"all": {}, "place": {Location: "store-1"}} {
		got := map[string]map[insight.KPI]insight.Votes{}
		votes, err := reader.TopicVotes(context.Background(), f)
		if err != nil {
			t.Fatal(err)
		}
		groups := map[uint8]bool{}
		for _, v := range votes {
			groups[v.Group] = true
			addVotes(got, v.Topic, v.Votes)
		}
		want := map[string]map[insight.KPI]insight.Votes{}
		for _, r := range selected(f, records) {
			one := map[insight.KPI]insight.Votes{}
			for _, kpi := range insight.KPIs() {
				if v, ok := kpiOf(kpi, r); ok {
					one[kpi] = insight.Votes{Answers: 1, Balance: v}
				}
			}
			for _, topic := range append(spokenOf(r, pipeline.Negative), "") {
				addVotes(want, topic, one)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if len(groups) < insight.JackknifeGroups/2 {
			t.Errorf("%s: %d groups", name, len(groups))
		}
	}
}

func addVotes(to map[string]map[insight.KPI]insight.Votes, topic string, votes map[insight.KPI]insight.Votes) {
	if to[topic] == nil {
		to[topic] = map[insight.KPI]insight.Votes{insight.NPS: {}, insight.CSAT: {}, insight.NetSentiment: {}}
	}
	for kpi, v := range votes {
		sum := to[topic][kpi]
		to[topic][kpi] = insight.Votes{Answers: sum.Answers + v.Answers, Balance: sum.Balance + v.Balance}
	}
}

func TestAnswers(t *testing.T) {
	records := randomRecords(newRand(22), 500)
	reader := storedFeedback(t, records)
	type key struct {
		value                      int8
		location, channel, segment string
		spoken                     string
	}
	newKey := func(value int8, location, channel, segment string, negative, positive []string) key {
		return key{value, location, channel, segment, strings.Join(negative, ",") + " / " + strings.Join(positive, ",")}
	}
	for _, kpi := range insight.KPIs() {
		f := Filter{Until: fixtureStart().AddDate(0, 0, 9)}
		got, want := map[key]int{}, map[key]int{}
		customers := map[uint8]bool{}
		err := reader.Answers(context.Background(), f, kpi, func(a insight.Answer) {
			slices.Sort(a.Negative)
			slices.Sort(a.Positive)
			customers[a.Group] = true
			got[newKey(a.Value, a.Location, a.Channel, a.Segment, a.Negative, a.Positive)]++
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range selected(f, records) {
			if v, ok := kpiOf(kpi, r); ok {
				segment := ""
				if r.Event.Customer != nil {
					segment = r.Event.Customer.Segment
				}
				want[newKey(int8(v), r.Event.Location, r.Event.Source, segment, spokenOf(r, pipeline.Negative), spokenOf(r, pipeline.Positive))]++
			}
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(key{})); diff != "" || len(want) == 0 {
			t.Errorf("%s (-want +got)\n%s", kpi, diff)
		}
		for group := range customers {
			if group >= insight.JackknifeGroups {
				t.Errorf("group %d", group)
			}
		}
	}
}
