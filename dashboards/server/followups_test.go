package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"earshot/pipeline/followup"
)

func candidates() []followup.Candidate {
	nps := uint8(0)
	ago := func(h int) time.Time { return now.Add(-time.Duration(h) * time.Hour) }
	return []followup.Candidate{
		{EventID: "calm", CustomerID: "c-1", OccurredAt: ago(2), Location: "store-001", Source: "email", Sentiment: "negative", Score: -0.2, Topics: []string{"service.speed"}, Text: "A bit slow"},
		{EventID: "angry", CustomerID: "c-2", OccurredAt: ago(72), Location: "store-012", Source: "survey", Sentiment: "negative", Score: -0.9, NPS: &nps, Intents: []string{followup.ChurnRisk}, Topics: []string{"food.quality"}, Text: "Cold CRÊPES"},
		{EventID: "nobody", OccurredAt: ago(5), Location: "store-012", Source: "review", Sentiment: "negative", Score: -0.5, Text: "cold"},
	}
}

func queueHandler(t *testing.T, since *time.Time) http.Handler {
	return newHandler(&fakeReader{t: t, followUps: func(from time.Time) ([]followup.Candidate, error) {
		if since != nil {
			*since = from
		}
		return candidates(), nil
	}})
}

type queueBody struct {
	Cases []struct {
		EventID  string `json:"event_id"`
		Overdue  bool
		Priority float64
		Reasons  []string
	}
	Total, Overdue, Anonymous int
}

func TestQueue(t *testing.T) {
	var since time.Time
	h := queueHandler(t, &since)
	for query, want := range map[string]struct {
		ids                       string
		total, overdue, anonymous int
	}{
		"":                   {"angry calm", 2, 1, 1},
		"limit=1":            {"angry", 2, 1, 1},
		"limit=1&offset=1":   {"calm", 2, 1, 1},
		"location=store-012": {"angry", 1, 1, 1},
		"source=email":       {"calm", 1, 0, 0},
		"topic=service":      {"calm", 1, 0, 0},
		"topic=serv":         {"", 0, 0, 0},
		"customer_id=c-2":    {"angry", 1, 1, 0},
		"q=cr%C3%AApes":      {"angry", 1, 1, 0},
		"until=48h":          {"angry", 1, 1, 0},
		"sentiment=positive": {"", 0, 0, 0},
	} {
		var body queueBody
		decode(t, get(h, "/api/v1/followups?"+query).Body.Bytes(), &body)
		var ids []string
		for _, c := range body.Cases {
			ids = append(ids, c.EventID)
			if c.Reasons == nil {
				t.Errorf("%s: %s has no list of reasons", query, c.EventID)
			}
		}
		if got := strings.Join(ids, " "); got != want.ids || body.Total != want.total || body.Overdue != want.overdue || body.Anonymous != want.anonymous || body.Cases == nil {
			t.Errorf("%s: %q %+v, want %+v", query, got, body, want)
		}
	}
}

func TestQueueWindow(t *testing.T) {
	var since time.Time
	h := queueHandler(t, &since)
	for query, want := range map[string]time.Time{
		"":          now.AddDate(0, 0, -30), // the policy's window
		"since=90d": now.AddDate(0, 0, -30),
		"since=7d":  now.AddDate(0, 0, -7),
	} {
		if get(h, "/api/v1/followups?"+query); !since.Equal(want) {
			t.Errorf("%q: candidates since %v, want %v", query, since, want)
		}
	}
}

func TestQueueRefusesWhatItCannotFilter(t *testing.T) {
	h := queueHandler(t, nil)
	for _, query := range []string{"team=t", "context=peak_hours", "language=en", "hour_of_week=3", "topic_sentiment=negative"} {
		for _, path := range []string{"followups", "followups.csv"} {
			if w := get(h, "/api/v1/"+path+"?"+query); w.Code != http.StatusBadRequest {
				t.Errorf("%s?%s: status %d", path, query, w.Code)
			}
		}
	}
}

func TestQueueDownload(t *testing.T) {
	w := get(queueHandler(t, nil), "/api/v1/followups.csv")
	if got := w.Body.String(); got != "angry\ncalm\n" {
		t.Errorf("file %q", got)
	}
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="followups-2026-03-15.csv"` {
		t.Errorf("Content-Disposition %s", got)
	}
	if w := get(queueHandler(t, nil), "/api/v1/followups.csv?limit=5"); w.Code != http.StatusBadRequest {
		t.Errorf("the file is always whole, yet limit gave %d", w.Code)
	}
}
