package server_test

import (
	"net/http"
	"testing"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// slowVotes are 100 answers of each of 50 groups: 10 complain of slow service and
// are all detractors, 2 of the price and half of them are.
func slowVotes(clickhouse.Filter) ([]insight.TopicVotes, error) {
	var out []insight.TopicVotes
	for g := range uint8(insight.JackknifeGroups) {
		for topic, v := range map[string]insight.Votes{
			"": {Answers: 100, Balance: 40}, "service.speed": {Answers: 10, Balance: -10}, "price": {Answers: 2, Balance: -1},
		} {
			out = append(out, insight.TopicVotes{Topic: topic, Group: g, Votes: map[insight.KPI]insight.Votes{insight.NPS: v, insight.CSAT: v}})
		}
	}
	return out, nil
}

func TestImpact(t *testing.T) {
	var asked clickhouse.Filter
	h := newHandler(&fakeReader{t: t, votes: func(f clickhouse.Filter) ([]insight.TopicVotes, error) {
		asked = f
		return slowVotes(f)
	}})
	for target, want := range map[string][]string{
		"/api/v1/impact":                            {"nps service.speed", "nps price", "csat service.speed", "csat price"},
		"/api/v1/impact?kpi=nps":                    {"nps service.speed", "nps price"},
		"/api/v1/impact?kpi=csat&topic=service":     {"csat service.speed"},
		"/api/v1/impact?kpi=net_sentiment&since=7d": {},
	} {
		var body struct{ Impacts []insight.Impact }
		decode(t, get(h, target).Body.Bytes(), &body)
		if len(body.Impacts) != len(want) || body.Impacts == nil {
			t.Errorf("%s: %+v, want %v", target, body.Impacts, want)
			continue
		}
		for i, impact := range body.Impacts {
			if string(impact.KPI)+" "+impact.Topic != want[i] {
				t.Errorf("%s: %s %s at %d, want %s", target, impact.KPI, impact.Topic, i, want[i])
			}
		}
	}
	if asked.Topic != "" {
		t.Error("a topic restricts what it is compared with")
	}
	for _, query := range []string{"kpi=ces", "kpi=", "kpi=nps&kpi=csat", "limit=3", "nonsense=1"} {
		if w := get(h, "/api/v1/impact?"+query); w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", query, w.Code)
		}
	}
}
