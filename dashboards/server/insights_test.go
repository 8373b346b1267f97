package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"earshot/dashboards/server"
	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// fakeSource answers with functions; a call without one fails the test.
type fakeSource struct {
	t            *testing.T
	observations func(ctx context.Context, f clickhouse.Filter, add func(insight.Observation)) error
	verbatims    func(f clickhouse.Filter, found insight.Finding, limit, offset int) ([]clickhouse.Verbatim, error)
}

var _ server.InsightSource = (*fakeSource)(nil)

func (s *fakeSource) Observations(ctx context.Context, f clickhouse.Filter, add func(insight.Observation)) error {
	if s.observations == nil {
		s.t.Error("unexpected call of Observations")
		return nil
	}
	return s.observations(ctx, f, add)
}

func (s *fakeSource) FindingVerbatims(_ context.Context, f clickhouse.Filter, found insight.Finding, limit, offset int) ([]clickhouse.Verbatim, error) {
	if s.verbatims == nil {
		return unexpected[[]clickhouse.Verbatim](s.t, "FindingVerbatims")
	}
	return s.verbatims(f, found, limit, offset)
}

func (s *fakeSource) FindingSQL(_ clickhouse.Filter, found insight.Finding) (string, error) {
	return "SELECT '" + found.Topic + "'", nil
}

// slowStore adds a chain of six stores; store-3 is slow, store-1 is dirty.
func slowStore(add func(insight.Observation)) {
	first := now.AddDate(0, 0, -60)
	for i := range 12_000 {
		o := insight.Observation{Day: first.Add(time.Duration(i) * 7 * time.Minute), HourOfWeek: uint8(i % 168)}
		store := i % 6
		o.Values[insight.Location] = fmt.Sprintf("store-%d", store)
		if store == 3 && i%4 == 1 || i%29 == 0 {
			o.Negative = append(o.Negative, "service.speed")
		}
		if store == 1 && i%5 == 1 || i%31 == 0 {
			o.Negative = append(o.Negative, "cleanliness")
		}
		add(o)
	}
}

func newInsights(t *testing.T, source *fakeSource, opts server.InsightOptions) (*server.Insights, http.Handler) {
	t.Helper()
	source.t = t
	opts.Log = slog.New(slog.DiscardHandler)
	insights := server.NewInsights(source, opts)
	t.Cleanup(insights.Close)
	return insights, server.New(server.Options{
		Reader: &fakeReader{t: t}, Insights: insights, Log: opts.Log, Page: builtPage(), Now: func() time.Time { return now },
	})
}

type insightsAnswer struct {
	State, Message string
	Refreshing     bool
	Seen           int
	Findings       []struct {
		ID, Topic, Location, SQL, Sentence string
		Evidence                           struct{ Sentences []string }
	}
}

func askInsights(t *testing.T, h http.Handler, query string) insightsAnswer {
	t.Helper()
	answer := get(h, "/api/v1/insights"+query)
	var body insightsAnswer
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil || answer.Code != http.StatusOK {
		t.Fatal(answer.Code, answer.Body, err)
	}
	return body
}

// settled asks until the mining is over.
func settled(t *testing.T, h http.Handler, query string) insightsAnswer {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if body := askInsights(t, h, query); !body.Refreshing {
			return body
		}
	}
	t.Fatal("the mining never ended")
	return insightsAnswer{}
}

func TestInsightsAnswerAtOnceAndAreMinedOnce(t *testing.T) {
	var calls atomic.Int32
	hold := make(chan struct{})
	source := &fakeSource{observations: func(_ context.Context, f clickhouse.Filter, add func(insight.Observation)) error {
		calls.Add(1)
		<-hold
		if f.Topic != "" || f.Sentiment != "" || f.TopicSentiment != "" || f.Product != "menu" {
			t.Errorf("mined %+v: texts must not choose the traffic", f)
		}
		slowStore(add)
		return nil
	}}
	_, h := newInsights(t, source, server.InsightOptions{})
	const query = "?product=menu&since=90d"
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if body := askInsights(t, h, query); body.State != "computing" || body.Findings == nil {
				t.Errorf("%+v", body)
			}
		})
	}
	all.Wait()
	close(hold)
	body := settled(t, h, query)
	if body.State != "ready" || body.Seen != 12_000 || len(body.Findings) != 2 || calls.Load() != 1 {
		t.Fatalf("%d runs; %+v", calls.Load(), body)
	}
	for _, f := range body.Findings {
		if f.Location != map[string]string{"service.speed": "store-3", "cleanliness": "store-1"}[f.Topic] || f.SQL != "SELECT '"+f.Topic+"'" || len(f.Evidence.Sentences) == 0 {
			t.Errorf("%+v", f)
		}
	}
	// The topic and the sentiments pick and mine nothing anew.
	body = askInsights(t, h, query+"&topic=service&sentiment=negative&topic_sentiment=negative")
	if body.State != "ready" || len(body.Findings) != 1 || body.Findings[0].Topic != "service.speed" || calls.Load() != 1 {
		t.Errorf("%d runs; %+v", calls.Load(), body)
	}
}

func TestInsightsAreMinedAnewWhenOld(t *testing.T) {
	var clock atomic.Int64
	var calls atomic.Int32
	source := &fakeSource{observations: func(_ context.Context, _ clickhouse.Filter, add func(insight.Observation)) error {
		calls.Add(1)
		clock.Add(int64(2 * time.Second)) // what it takes
		add(insight.Observation{Day: now})
		return nil
	}}
	_, h := newInsights(t, source, server.InsightOptions{Fresh: 10 * time.Second, Now: func() time.Time { return now.Add(time.Duration(clock.Load())) }})
	for _, step := range []struct {
		later time.Duration
		calls int32
	}{{0, 1}, {9 * time.Second, 1}, {10 * time.Second, 1}, {2 * time.Second, 2}} { // 20 s: ten times what it took
		clock.Add(int64(step.later))
		if body := settled(t, h, ""); body.State != "ready" || calls.Load() != step.calls {
			t.Fatalf("after %s: %d runs, want %d; %+v", step.later, calls.Load(), step.calls, body)
		}
	}
}

func TestInsightsKeepAFewSelections(t *testing.T) {
	hold := make(chan struct{})
	var under, most atomic.Int32
	source := &fakeSource{observations: func(context.Context, clickhouse.Filter, func(insight.Observation)) error {
		most.Store(max(most.Load(), under.Add(1)))
		defer under.Add(-1)
		<-hold
		return nil
	}}
	_, h := newInsights(t, source, server.InsightOptions{Keep: 3})
	for i := range 3 {
		askInsights(t, h, fmt.Sprintf("?location=s%d", i))
	}
	if answer := get(h, "/api/v1/insights?location=s3"); answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" {
		t.Fatalf("a fourth while three are mined: %d %s", answer.Code, answer.Body)
	}
	close(hold)
	for i := range 5 {
		if body := settled(t, h, fmt.Sprintf("?location=s%d", i)); body.State != "ready" {
			t.Errorf("%+v", body)
		}
	}
	if most.Load() != 1 {
		t.Errorf("%d selections mined at the same time", most.Load())
	}
}

// TestInsightsEndWithTheServer: Close cancels what is under way and what waits for
// its turn; the package's leak check sees to the rest.
func TestInsightsEndWithTheServer(t *testing.T) {
	begun := make(chan struct{}, 1)
	source := &fakeSource{observations: func(ctx context.Context, _ clickhouse.Filter, _ func(insight.Observation)) error {
		begun <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}}
	insights, h := newInsights(t, source, server.InsightOptions{})
	askInsights(t, h, "?location=a")
	<-begun
	askInsights(t, h, "?location=b")
	insights.Close()
	insights.Close() // twice is once
	if body := askInsights(t, h, "?location=c"); body.State != "computing" || body.Refreshing {
		t.Errorf("after Close: %+v", body)
	}
}

func TestInsightsTellWhyThereAreNone(t *testing.T) {
	for name, test := range map[string]struct {
		observations func(ctx context.Context, f clickhouse.Filter, add func(insight.Observation)) error
		want         string
	}{
		"too much": {func(ctx context.Context, _ clickhouse.Filter, add func(insight.Observation)) error {
			for ctx.Err() == nil {
				add(insight.Observation{Day: now})
			}
			return ctx.Err()
		}, "more than 100 pieces of feedback: choose a shorter period"},
		"down": {func(context.Context, clickhouse.Filter, func(insight.Observation)) error {
			return &clickhouse.UnreachableError{}
		}, "ClickHouse does not answer"},
		"too long": {func(ctx context.Context, _ clickhouse.Filter, _ func(insight.Observation)) error {
			return fmt.Errorf("query: %w", context.DeadlineExceeded)
		}, "took too long"},
		"anything else": {func(context.Context, clickhouse.Filter, func(insight.Observation)) error {
			return errors.New("secret")
		}, "the server's log says why"},
	} {
		_, h := newInsights(t, &fakeSource{observations: test.observations}, server.InsightOptions{MaxRows: 100})
		body := settled(t, h, "")
		if body.State != "failed" || !strings.Contains(body.Message, test.want) || strings.Contains(body.Message, "secret") {
			t.Errorf("%s: %+v", name, body)
		}
	}
}

func TestInsightVerbatims(t *testing.T) {
	source := &fakeSource{
		observations: func(_ context.Context, _ clickhouse.Filter, add func(insight.Observation)) error {
			slowStore(add)
			return nil
		},
		verbatims: func(f clickhouse.Filter, found insight.Finding, limit, offset int) ([]clickhouse.Verbatim, error) {
			if f.Product != "menu" || found.Location == nil || limit != 3 || offset != 4 {
				t.Errorf("asked for %+v, %+v, %d, %d", f, found, limit, offset)
			}
			return []clickhouse.Verbatim{{EventID: "a"}, {EventID: "b"}, {EventID: "c"}}, nil
		},
	}
	_, h := newInsights(t, source, server.InsightOptions{})
	id := settled(t, h, "?product=menu").Findings[0].ID
	var body struct {
		Items []struct {
			EventID string `json:"event_id"`
		}
		More bool
	}
	answer := get(h, "/api/v1/insights/verbatims?product=menu&limit=2&offset=4&topic=cleanliness&id="+id)
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil || len(body.Items) != 2 || !body.More {
		t.Fatal(answer.Code, answer.Body, err)
	}
	for query, code := range map[string]int{
		"?product=menu":                           http.StatusBadRequest, // no id
		"?product=menu&id=x&id=y":                 http.StatusBadRequest,
		"?product=menu&id=000000000000":           http.StatusNotFound,
		"?product=other&id=" + id:                 http.StatusNotFound, // never mined
		"?product=menu&limit=0&id=" + id:          http.StatusBadRequest,
		"?product=menu&id=" + id + "&hours=18,19": http.StatusBadRequest,
	} {
		if answer := get(h, "/api/v1/insights/verbatims"+query); answer.Code != code {
			t.Errorf("%s: %d %s", query, answer.Code, answer.Body)
		}
	}
}

func TestInsightsRefuseWhatTheyDoNotKnow(t *testing.T) {
	_, h := newInsights(t, &fakeSource{}, server.InsightOptions{})
	for _, query := range []string{"?id=1", "?limit=5", "?hour=24", "?since=yesterday", "?location="} {
		if answer := get(h, "/api/v1/insights"+query); answer.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", query, answer.Code, answer.Body)
		}
	}
	if answer := get(newHandler(&fakeReader{t: t}), "/api/v1/insights"); answer.Code != http.StatusNotFound {
		t.Errorf("without a miner: %d", answer.Code)
	}
}
