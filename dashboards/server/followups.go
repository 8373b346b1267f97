package server

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"earshot/pipeline/followup"
	"earshot/sinks/clickhouse"
)

// casesBody is the follow-up queue, most urgent first.
type casesBody struct {
	Cases     []caseBody `json:"cases"`
	Total     int        `json:"total"` // of the whole queue, not of this page of it
	Overdue   int        `json:"overdue"`
	Anonymous int        `json:"anonymous"` // complaints left out: nobody can answer them directly
	Limit     int        `json:"limit"`
	Offset    int        `json:"offset"`
}

// caseBody is a case, and whether its time is over.
type caseBody struct {
	followup.Case
	Overdue bool `json:"overdue"`
}

func newCaseBody(c followup.Case, now time.Time) caseBody {
	c.Reasons, c.Topics, c.Tags, c.Intents = orEmpty(c.Reasons), orEmpty(c.Topics), orEmpty(c.Tags), orEmpty(c.Intents)
	return caseBody{Case: c, Overdue: c.DueAt.Before(now)}
}

func (s *server) followUps(ctx context.Context, q query) (any, error) {
	cases, anonymous, err := s.queue(ctx, q)
	if err != nil {
		return nil, err
	}
	now := s.now()
	body := casesBody{Cases: []caseBody{}, Total: len(cases), Anonymous: anonymous, Limit: q.limit, Offset: q.offset}
	for i, c := range cases {
		if c.DueAt.Before(now) {
			body.Overdue++
		}
		if i >= q.offset && i < q.offset+q.limit {
			body.Cases = append(body.Cases, newCaseBody(c, now))
		}
	}
	return body, nil
}

// queue ranks who waits for an answer, as far as the filter selects them and
// they can be reached; anonymous counts those who cannot.
func (s *server) queue(ctx context.Context, q query) (cases []followup.Case, anonymous int, err error) {
	if err := checkQueueFilter(q.filter); err != nil {
		return nil, 0, err
	}
	now := s.now()
	since := q.filter.Since
	if s.policy.Window > 0 && since.Before(now.Add(-s.policy.Window)) {
		since = now.Add(-s.policy.Window)
	}
	candidates, err := s.reader.FollowUps(ctx, since)
	if err != nil {
		return nil, 0, err
	}
	for _, c := range followup.Rank(candidates, s.policy, now) {
		switch {
		case !selects(q.filter, c.Candidate):
		case !c.Reachable():
			anonymous++
		default:
			cases = append(cases, c)
		}
	}
	return cases, anonymous, nil
}

// checkQueueFilter refuses what a candidate does not know about itself.
func checkQueueFilter(f clickhouse.Filter) error {
	for name, set := range map[string]bool{
		"team": f.Team != "", "context": f.Context != "", "language": f.Language != "", "hour_of_week": f.HourOfWeek != nil,
		"topic_sentiment": f.TopicSentiment != "",
	} {
		if set {
			return &paramError{name, "the follow-up queue cannot be filtered by this"}
		}
	}
	return nil
}

// selects tells whether the filter selects c, by the rules of the stored
// queries: a topic stands for those below it as well.
func selects(f clickhouse.Filter, c followup.Candidate) bool {
	for _, pair := range [][2]string{
		{f.Source, c.Source}, {f.Platform, c.Platform}, {f.Location, c.Location}, {f.Product, c.Product},
		{f.Agent, c.Agent}, {f.Segment, c.Segment}, {f.Sentiment, c.Sentiment}, {f.CustomerID, c.CustomerID},
	} {
		if pair[0] != "" && pair[0] != pair[1] {
			return false
		}
	}
	if f.Topic != "" && !slices.ContainsFunc(c.Topics, func(t string) bool { return t == f.Topic || strings.HasPrefix(t, f.Topic+".") }) {
		return false
	}
	if !f.Until.IsZero() && !c.OccurredAt.Before(f.Until) {
		return false
	}
	return strings.Contains(strings.ToLower(c.Text), strings.ToLower(f.Text))
}

// followUpsCSV sends the queue as a file. It is written in memory first: half
// a file with status 200 would pass for the whole queue.
func (s *server) followUpsCSV(w http.ResponseWriter, r *http.Request) {
	q, err := parseQuery(r.URL.Query(), nil, s.now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	cases, _, err := s.queue(r.Context(), q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var file bytes.Buffer
	if err := s.casesCSV(&file, cases); err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="followups-`+s.now().UTC().Format(time.DateOnly)+`.csv"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(file.Bytes()) // the caller is gone: nobody to tell
}
