package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"earshot/sinks/clickhouse"
)

func TestKPIsCompareWithThePeriodBefore(t *testing.T) {
	var asked []clickhouse.Filter
	h := newHandler(&fakeReader{t: t, kpis: func(f clickhouse.Filter) (clickhouse.KPIs, error) {
		asked = append(asked, f)
		return clickhouse.KPIs{Volume: uint64(len(asked))}, nil
	}})
	w := get(h, "/api/v1/kpis?since=2026-03-01&until=2026-03-08&location=x")
	var body struct {
		Since, Until      time.Time
		Current, Previous *clickhouse.KPIs
	}
	decode(t, w.Body.Bytes(), &body)
	if body.Current.Volume != 1 || body.Previous == nil || body.Previous.Volume != 2 {
		t.Fatalf("body %s", w.Body)
	}
	before := asked[1]
	if !before.Until.Equal(asked[0].Since) || asked[0].Until.Sub(asked[0].Since) != before.Until.Sub(before.Since) || before.Location != "x" {
		t.Errorf("period before: %+v of %+v", before, asked[0])
	}
}

func TestKPIsWithoutComparison(t *testing.T) {
	calls := 0
	h := newHandler(&fakeReader{t: t, kpis: func(clickhouse.Filter) (clickhouse.KPIs, error) {
		calls++
		return clickhouse.KPIs{Volume: uint64(10 * (2 - calls))}, nil // nothing in the period before
	}})
	for _, target := range []string{"/api/v1/kpis?since=7d", "/api/v1/kpis"} {
		var body map[string]any
		decode(t, get(h, target).Body.Bytes(), &body)
		if body["previous"] != nil || body["until"] != now.Format(time.RFC3339) {
			t.Errorf("%s: %v", target, body)
		}
	}
	if calls != 3 {
		t.Errorf("%d calls, want 2 for the closed period and 1 for the open one", calls)
	}
}

func TestFeedbackPages(t *testing.T) {
	const stored = 7
	h := newHandler(&fakeReader{t: t, search: func(_ clickhouse.Filter, limit, offset int) ([]clickhouse.Verbatim, error) {
		var items []clickhouse.Verbatim
		for i := offset; i < min(stored, offset+limit); i++ {
			items = append(items, clickhouse.Verbatim{EventID: fmt.Sprint(i), Turns: []string{"", `[{"role":"bot","text":"hi"}]`, "{broken"}[i%3]})
		}
		return items, nil
	}})
	for query, want := range map[string]struct {
		ids  string
		more bool
	}{
		"limit=3":          {"0 1 2", true},
		"limit=3&offset=3": {"3 4 5", true},
		"limit=3&offset=6": {"6", false},
		"limit=7":          {"0 1 2 3 4 5 6", false},
		"offset=100":       {"", false},
	} {
		var body struct {
			Items []struct {
				EventID string `json:"event_id"`
				Turns   []struct{ Role, Text string }
			}
			More bool
		}
		decode(t, get(h, "/api/v1/feedback?"+query).Body.Bytes(), &body)
		var ids []string
		for _, item := range body.Items {
			ids = append(ids, item.EventID)
		}
		if got := strings.Join(ids, " "); got != want.ids || body.More != want.more || body.Items == nil {
			t.Errorf("%s: %q more %v, want %q more %v", query, got, body.More, want.ids, want.more)
		}
	}
	for _, query := range []string{"limit=0", "limit=501", "limit=x", "offset=-1"} {
		if w := get(h, "/api/v1/feedback?"+query); w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", query, w.Code)
		}
	}
}

func TestEmptyListsAreLists(t *testing.T) {
	h := newHandler(&fakeReader{t: t,
		trend:     func(clickhouse.Filter) ([]clickhouse.TrendPoint, error) { return nil, nil },
		topics:    func(clickhouse.Filter) ([]clickhouse.TopicStat, error) { return nil, nil },
		heatmap:   func(clickhouse.Filter) ([]clickhouse.HeatCell, error) { return nil, nil },
		locations: func(clickhouse.Filter) ([]clickhouse.PlaceStat, error) { return nil, nil },
		hours:     func(clickhouse.Filter) ([]clickhouse.HourStat, error) { return nil, nil },
	})
	for path, want := range map[string]string{
		"trend": `{"points":[]}`, "topics": `{"topics":[]}`, "heatmap": `{"cells":[]}`, "locations": `{"locations":[]}`, "hours": `{"hours":[]}`,
	} {
		if got := get(h, "/api/v1/"+path).Body.String(); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestFailures(t *testing.T) {
	for name, test := range map[string]struct {
		err    error
		status int
		says   string
	}{
		"down":     {fmt.Errorf("query choices: %w", &clickhouse.UnreachableError{Addrs: []string{"db:9000"}, Err: errors.New("refused")}), http.StatusServiceUnavailable, "earshot doctor"},
		"too slow": {fmt.Errorf("query choices: %w", context.DeadlineExceeded), http.StatusServiceUnavailable, "too long"},
		"broken":   {errors.New("code: 62, syntax error near password"), http.StatusInternalServerError, "log"},
	} {
		h := newHandler(&fakeReader{t: t, choices: func(clickhouse.Filter) (clickhouse.Choices, error) {
			return clickhouse.Choices{}, test.err
		}})
		w := get(h, "/api/v1/choices")
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "password") || strings.Contains(w.Body.String(), "db:9000") {
			t.Errorf("%s: the answer tells what the store said: %s", name, w.Body)
		}
	}
}

func TestDocuments(t *testing.T) {
	h := newHandler(&fakeReader{t: t})
	for path, contentType := range map[string]string{"schema/event.json": "application/schema+json", "asyncapi": "application/json"} {
		w := get(h, "/api/v1/"+path)
		var doc map[string]any
		decode(t, w.Body.Bytes(), &doc)
		if got := w.Header().Get("Content-Type"); got != contentType || len(doc) == 0 {
			t.Errorf("%s: %s with %d members", path, got, len(doc))
		}
	}
	if w := get(h, "/api/v1/kpi"); w.Code != http.StatusNotFound || !json.Valid(w.Body.Bytes()) {
		t.Errorf("unknown endpoint: %d %s", w.Code, w.Body)
	}
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
}
