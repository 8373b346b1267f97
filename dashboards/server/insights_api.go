package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"earshot/sinks/clickhouse"
)

// insightsBody is the state of the mining and its findings, strongest first.
type insightsBody struct {
	State      string        `json:"state"`       // computing, ready or failed
	Refreshing bool          `json:"refreshing"`  // mined anew at the moment
	ComputedAt *time.Time    `json:"computed_at"` // null: not yet
	AgeSeconds float64       `json:"age_seconds"`
	Seen       int           `json:"seen"` // pieces of feedback looked at
	Findings   []findingBody `json:"findings"`
	Message    string        `json:"message,omitempty"` // why it failed
}

// findings answers at once with what is known; the mining goes on behind it.
func (s *server) findings(w http.ResponseWriter, r *http.Request) {
	selection, err := parseSelection(r.URL.Query(), nil, s.now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	m, err := s.insights.ask(selection.key, selection.filter)
	if err != nil {
		w.Header().Set("Retry-After", "60")
		writeError(w, http.StatusServiceUnavailable, err.Error(), "")
		return
	}
	writeJSON(w, http.StatusOK, newInsightsBody(&m, selection.topic, s.insights.opts.Now()))
}

func newInsightsBody(m *mined, topic string, now time.Time) insightsBody {
	body := insightsBody{State: "computing", Refreshing: m.running, Findings: []findingBody{}}
	switch {
	case m.err != nil && m.findings == nil:
		body.State, body.Message = "failed", insightTrouble(m.err)
	case m.findings != nil:
		body.State, body.Seen = "ready", m.seen
		body.ComputedAt, body.AgeSeconds = &m.at, now.Sub(m.at).Seconds()
		for _, f := range m.findings {
			if under(f.Topic, topic) {
				body.Findings = append(body.Findings, f)
			}
		}
	}
	return body
}

// under tells whether a topic is another or below it; "" is above all.
func under(topic, above string) bool {
	return above == "" || topic == above || strings.HasPrefix(topic, above+".")
}

// insightTrouble is what a reader of the page is told of an error.
func insightTrouble(err error) string {
	var much errTooMuch
	switch {
	case errors.As(err, &much):
		return err.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "it took too long: choose a shorter period"
	case unreachable(err):
		return "ClickHouse does not answer; `earshot doctor` says what is wrong"
	}
	return "the findings could not be computed; the server's log says why"
}

// selection is what is mined, and which of the findings are asked for.
type selection struct {
	key           string
	filter        clickhouse.Filter
	topic, id     string
	limit, offset int
}

// parseSelection reads the page's filters. What a text says must not choose what
// is mined: complaints are compared with all traffic. So the topic only picks
// among the findings, and sentiments are left aside.
func parseSelection(values url.Values, extra []string, now time.Time) (selection, error) {
	var sel selection
	if ids, given := values["id"]; given && extra != nil {
		id, err := single("id", ids)
		if err != nil {
			return sel, err
		}
		sel.id = id
	}
	rest := url.Values{}
	for name, v := range values {
		if name != "id" || extra == nil {
			rest[name] = v
		}
	}
	q, err := parseQuery(rest, extra, now)
	if err != nil {
		return sel, err
	}
	sel.topic, sel.limit, sel.offset = q.filter.Topic, q.limit, q.offset
	q.filter.Topic, q.filter.Sentiment, q.filter.TopicSentiment = "", "", ""
	for _, name := range []string{"topic", "sentiment", "topic_sentiment", "limit", "offset"} {
		rest.Del(name)
	}
	sel.filter, sel.key = q.filter, rest.Encode()
	return sel, nil
}

// insightVerbatims answers with the complaints behind a finding.
func (s *server) insightVerbatims(w http.ResponseWriter, r *http.Request) {
	sel, err := parseSelection(r.URL.Query(), paging, s.now())
	if err == nil && sel.id == "" {
		err = &paramError{"id", "is missing: /api/v1/insights names the findings"}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	found, filter, ok := s.insights.find(sel.key, sel.id)
	if !ok {
		writeError(w, http.StatusNotFound, "no such finding now: ask /api/v1/insights with the same parameters again", "id")
		return
	}
	// One more than asked for tells whether there is a next page.
	items, err := s.insights.source.FindingVerbatims(r.Context(), filter, found, sel.limit+1, sel.offset)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, newFeedbackBody(items, sel.limit, sel.offset))
}
