package server_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"earshot/dashboards/server"
	"earshot/pipeline/followup"
	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// now is the clock of all tests here: a Sunday.
var now = time.Date(2026, 3, 15, 22, 30, 0, 0, time.UTC)

// fakeReader answers with functions; a call without one fails the test.
type fakeReader struct {
	t         *testing.T
	choices   func(clickhouse.Filter) (clickhouse.Choices, error)
	kpis      func(clickhouse.Filter) (clickhouse.KPIs, error)
	trend     func(clickhouse.Filter) ([]clickhouse.TrendPoint, error)
	topics    func(clickhouse.Filter) ([]clickhouse.TopicStat, error)
	heatmap   func(clickhouse.Filter) ([]clickhouse.HeatCell, error)
	complain  func(clickhouse.Filter) ([]clickhouse.ComplaintCell, error)
	locations func(clickhouse.Filter) ([]clickhouse.PlaceStat, error)
	hours     func(clickhouse.Filter) ([]clickhouse.HourStat, error)
	live      func(clickhouse.Filter) ([]insight.LiveCell, error)
	search    func(f clickhouse.Filter, limit, offset int) ([]clickhouse.Verbatim, error)
	change    func(f clickhouse.Filter, kpi insight.KPI, from, to clickhouse.Span) (*insight.KPIChange, error)
	votes     func(clickhouse.Filter) ([]insight.TopicVotes, error)
	alerts    func(f clickhouse.AlertFilter, limit int) ([]insight.Alert, error)
	shares    func(clickhouse.Filter) ([]clickhouse.TopicShare, error)
	next      func(clickhouse.Filter, int) (string, int, error)
	queue     func(clickhouse.Filter, clickhouse.ReviewPlan) (clickhouse.ReviewQueue, error)
	followUps func(since time.Time) ([]followup.Candidate, error)
}

var _ server.Reader = (*fakeReader)(nil)

func unexpected[T any](t *testing.T, method string) (zero T, err error) {
	t.Errorf("unexpected call of %s", method)
	return zero, nil
}

func (r *fakeReader) Choices(_ context.Context, f clickhouse.Filter) (clickhouse.Choices, error) {
	if r.choices == nil {
		return unexpected[clickhouse.Choices](r.t, "Choices")
	}
	return r.choices(f)
}

func (r *fakeReader) KPIs(_ context.Context, f clickhouse.Filter) (clickhouse.KPIs, error) {
	if r.kpis == nil {
		return unexpected[clickhouse.KPIs](r.t, "KPIs")
	}
	return r.kpis(f)
}

func (r *fakeReader) Trend(_ context.Context, f clickhouse.Filter) ([]clickhouse.TrendPoint, error) {
	if r.trend == nil {
		return unexpected[[]clickhouse.TrendPoint](r.t, "Trend")
	}
	return r.trend(f)
}

func (r *fakeReader) Topics(_ context.Context, f clickhouse.Filter) ([]clickhouse.TopicStat, error) {
	if r.topics == nil {
		return unexpected[[]clickhouse.TopicStat](r.t, "Topics")
	}
	return r.topics(f)
}

func (r *fakeReader) Heatmap(_ context.Context, f clickhouse.Filter) ([]clickhouse.HeatCell, error) {
	if r.heatmap == nil {
		return unexpected[[]clickhouse.HeatCell](r.t, "Heatmap")
	}
	return r.heatmap(f)
}

func (r *fakeReader) Complaints(_ context.Context, f clickhouse.Filter) ([]clickhouse.ComplaintCell, error) {
	if r.complain == nil {
		return unexpected[[]clickhouse.ComplaintCell](r.t, "Complaints")
	}
	return r.complain(f)
}

func (r *fakeReader) Locations(_ context.Context, f clickhouse.Filter) ([]clickhouse.PlaceStat, error) {
	if r.locations == nil {
		return unexpected[[]clickhouse.PlaceStat](r.t, "Locations")
	}
	return r.locations(f)
}

func (r *fakeReader) Hours(_ context.Context, f clickhouse.Filter) ([]clickhouse.HourStat, error) {
	if r.hours == nil {
		return unexpected[[]clickhouse.HourStat](r.t, "Hours")
	}
	return r.hours(f)
}

func (r *fakeReader) Live(_ context.Context, f clickhouse.Filter) ([]insight.LiveCell, error) {
	if r.live == nil {
		return unexpected[[]insight.LiveCell](r.t, "Live")
	}
	return r.live(f)
}

func (r *fakeReader) Search(_ context.Context, f clickhouse.Filter, limit, offset int) ([]clickhouse.Verbatim, error) {
	if r.search == nil {
		return unexpected[[]clickhouse.Verbatim](r.t, "Search")
	}
	return r.search(f, limit, offset)
}

func (r *fakeReader) Change(_ context.Context, f clickhouse.Filter, kpi insight.KPI, from, to clickhouse.Span, _ map[string]string) (*insight.KPIChange, error) {
	if r.change == nil {
		return unexpected[*insight.KPIChange](r.t, "Change")
	}
	return r.change(f, kpi, from, to)
}

func (r *fakeReader) TopicVotes(_ context.Context, f clickhouse.Filter) ([]insight.TopicVotes, error) {
	if r.votes == nil {
		return unexpected[[]insight.TopicVotes](r.t, "TopicVotes")
	}
	return r.votes(f)
}

func (r *fakeReader) Alerts(_ context.Context, f clickhouse.AlertFilter, limit int) ([]insight.Alert, error) {
	if r.alerts == nil {
		return unexpected[[]insight.Alert](r.t, "Alerts")
	}
	return r.alerts(f, limit)
}

func (r *fakeReader) FollowUps(_ context.Context, since time.Time) ([]followup.Candidate, error) {
	if r.followUps == nil {
		return unexpected[[]followup.Candidate](r.t, "FollowUps")
	}
	return r.followUps(since)
}

func (r *fakeReader) TopicShares(_ context.Context, f clickhouse.Filter, _ string) ([]clickhouse.TopicShare, error) {
	if r.shares == nil {
		return unexpected[[]clickhouse.TopicShare](r.t, "TopicShares")
	}
	return r.shares(f)
}

func (r *fakeReader) NextReviewTopic(_ context.Context, f clickhouse.Filter, sample int) (string, int, error) {
	if r.next == nil {
		next, err := unexpected[string](r.t, "NextReviewTopic")
		return next, 0, err
	}
	return r.next(f, sample)
}

func (r *fakeReader) ReviewQueue(_ context.Context, f clickhouse.Filter, plan clickhouse.ReviewPlan) (clickhouse.ReviewQueue, error) {
	if r.queue == nil {
		return unexpected[clickhouse.ReviewQueue](r.t, "ReviewQueue")
	}
	return r.queue(f, plan)
}

// builtPage stands for what `make web` builds.
func builtPage() fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte("<!doctype html><title>Earshot</title>")},
		"assets/app-1a2b.js":  {Data: []byte("export {}")},
		"assets/app-1a2b.css": {Data: []byte("body{}")},
	}
}

func newHandler(r *fakeReader) http.Handler {
	return server.New(server.Options{
		Reader: r,
		CasesCSV: func(w io.Writer, cases []followup.Case) error {
			for _, c := range cases {
				if _, err := io.WriteString(w, c.EventID+"\n"); err != nil {
					return err
				}
			}
			return nil
		},
		FollowUp: followup.Policy{SLA: 24 * time.Hour, Window: 30 * 24 * time.Hour},
		Log:      slog.New(slog.DiscardHandler),
		Now:      func() time.Time { return now },
		Page:     builtPage(),
	})
}

func get(h http.Handler, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
