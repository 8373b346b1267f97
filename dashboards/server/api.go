package server

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// endpoint answers one checked query with a value to be sent as JSON.
type endpoint func(ctx context.Context, q query) (any, error)

func (s *server) routeAPI(mux *http.ServeMux) {
	for path, e := range map[string]endpoint{
		"choices":   s.choices,
		"kpis":      s.kpis,
		"trend":     list("points", s.reader.Trend),
		"topics":    list("topics", s.reader.Topics),
		"heatmap":   list("cells", s.reader.Heatmap),
		"locations": list("locations", s.reader.Locations),
		"hours":     list("hours", s.reader.Hours),
		"accuracy":  s.accuracy,
	} {
		mux.Handle("/api/v1/"+path, s.serve(e, nil))
	}
	mux.Handle("/api/v1/impact", s.serveKPI(s.impact))
	mux.Handle("/api/v1/change", s.serveKPI(s.change))
	mux.Handle("/api/v1/feedback", s.serve(s.feedback, paging))
	mux.Handle("/api/v1/followups", s.serve(s.followUps, paging))
	mux.HandleFunc("/api/v1/followups.csv", s.followUpsCSV)
	mux.HandleFunc("/api/v1/alerts", s.alerts)
	mux.Handle("/api/v1/topictree", s.serve(s.topicTree, nil))
	mux.HandleFunc("/api/v1/hotspots", s.hotspots)
	mux.Handle("/api/v1/reviews", s.serve(s.topicShares, nil))
	mux.Handle(answerRoute, sameOriginOnly(http.HandlerFunc(s.judge)))
	mux.HandleFunc("/api/v1/reviews/sample", s.reviewSample)
	if s.insights != nil {
		mux.HandleFunc("/api/v1/insights", s.findings)
		mux.HandleFunc("/api/v1/insights/verbatims", s.insightVerbatims)
	}
	mux.Handle("/api/v1/schema/event.json", document("application/schema+json", pipeline.EventSchema()))
	mux.Handle("/api/v1/asyncapi", document("application/json", pipeline.AsyncAPI()))
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusNotFound, "no such endpoint: there are choices, kpis, trend, topics, topictree, heatmap, hotspots, locations, hours, accuracy, impact, change, insights, insights/verbatims, feedback, followups, followups.csv, alerts, reviews, reviews/sample, schema/event.json and asyncapi", "")
	})
}

// serve turns an endpoint into a handler.
func (s *server) serve(e endpoint, extra []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, err := parseQuery(r.URL.Query(), extra, s.now())
		if err != nil {
			s.fail(w, r, err)
			return
		}
		body, err := e(r.Context(), q)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		writeJSON(w, http.StatusOK, body)
	})
}

// list serves a reader method that returns everything at once, under a name.
func list[T any](name string, read func(context.Context, clickhouse.Filter) ([]T, error)) endpoint {
	return func(ctx context.Context, q query) (any, error) {
		items, err := read(ctx, q.filter)
		if err != nil {
			return nil, err
		}
		return map[string][]T{name: orEmpty(items)}, nil
	}
}

// orEmpty makes a missing list [] in JSON, not null.
func orEmpty[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

func (s *server) choices(ctx context.Context, q query) (any, error) {
	return s.reader.Choices(ctx, q.filter)
}

// kpisBody compares a period with the one of equal length before it.
type kpisBody struct {
	Since    *time.Time       `json:"since"` // null: from the beginning
	Until    time.Time        `json:"until"`
	Current  clickhouse.KPIs  `json:"current"`
	Previous *clickhouse.KPIs `json:"previous"` // null: open period, or nothing came in then
}

func (s *server) kpis(ctx context.Context, q query) (any, error) {
	body := kpisBody{Until: q.filter.Until}
	if body.Until.IsZero() {
		body.Until = s.now().UTC()
	}
	var err error
	if body.Current, err = s.reader.KPIs(ctx, q.filter); err != nil {
		return nil, err
	}
	if q.filter.Since.IsZero() {
		return body, nil
	}
	body.Since = &q.filter.Since
	previous, err := s.reader.KPIs(ctx, before(q.filter, body.Until))
	if err != nil {
		return nil, err
	}
	if previous.Volume > 0 {
		body.Previous = &previous
	}
	return body, nil
}

// before selects the period of equal length before one that ends at until.
func before(f clickhouse.Filter, until time.Time) clickhouse.Filter {
	f.Since, f.Until = f.Since.Add(-until.Sub(f.Since)), f.Since
	return f
}

type feedbackBody struct {
	Items  []verbatimBody `json:"items"`
	Limit  int            `json:"limit"`
	Offset int            `json:"offset"`
	More   bool           `json:"more"` // another page follows
}

// verbatimBody is a verbatim with its conversation as a list.
type verbatimBody struct {
	clickhouse.Verbatim
	Turns json.RawMessage `json:"turns"`
}

func newVerbatimBody(v clickhouse.Verbatim) verbatimBody {
	if json.Valid([]byte(v.Turns)) {
		return verbatimBody{v, json.RawMessage(v.Turns)}
	}
	return verbatimBody{v, json.RawMessage("[]")}
}

func (s *server) feedback(ctx context.Context, q query) (any, error) {
	// One more than asked for tells whether there is a next page.
	items, err := s.reader.Search(ctx, q.filter, q.limit+1, q.offset)
	if err != nil {
		return nil, err
	}
	return newFeedbackBody(items, q.limit, q.offset), nil
}

// newFeedbackBody is a page of items that were read with one more than its limit.
func newFeedbackBody(items []clickhouse.Verbatim, limit, offset int) feedbackBody {
	body := feedbackBody{Items: []verbatimBody{}, Limit: limit, Offset: offset, More: len(items) > limit}
	for _, v := range items[:min(len(items), limit)] {
		body.Items = append(body.Items, newVerbatimBody(v))
	}
	return body
}

// document serves a text that is the same for as long as the process lives.
func document(contentType string, data []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(data) // the caller is gone: nobody to tell
	})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		writeError(w, http.StatusInternalServerError, "the answer cannot be written as JSON", "")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(data) // the caller is gone: nobody to tell
}
