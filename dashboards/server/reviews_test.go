package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"earshot/dashboards/server"
	"earshot/sinks/clickhouse"
)

// judgeFunc is a fake of the log.
type judgeFunc func(clickhouse.TopicReview) error

func (f judgeFunc) Judge(_ context.Context, v clickhouse.TopicReview) error { return f(v) }

func reviewHandler(t testing.TB, log judgeFunc, from string) http.Handler {
	opts := server.Options{Reader: &fakeReader{}, Reviews: from, Log: slog.New(slog.DiscardHandler), Page: builtPage(), Now: func() time.Time { return now }}
	if log != nil {
		opts.ReviewLog = log
	}
	return server.New(opts)
}

func post(h http.Handler, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/api/v1/reviews", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const goodAnswer = `{"topic":"service.speed","event_id":"e1","answer":"yes","by":" kim "}`

func TestAnswerIsStored(t *testing.T) {
	var got []clickhouse.TopicReview
	h := reviewHandler(t, func(v clickhouse.TopicReview) error { got = append(got, v); return nil }, server.ReviewsOn)
	for range 2 {
		if w := post(h, goodAnswer, "Sec-Fetch-Site", "same-origin"); w.Code != http.StatusOK {
			t.Fatal(w.Code, w.Body)
		}
	}
	if len(got) != 2 || got[0] != (clickhouse.TopicReview{Topic: "service.speed", EventID: "e1", Answer: "yes", Reviewer: "kim", At: now}) || !got[1].At.After(got[0].At) {
		t.Errorf("%+v", got)
	}
}

func TestAnswersThatAreRefused(t *testing.T) {
	h := reviewHandler(t, func(clickhouse.TopicReview) error { t.Error("stored"); return nil }, server.ReviewsOn)
	for body, parameter := range map[string]string{
		"": "body", "null x": "body", "[]": "body", goodAnswer + goodAnswer: "body", `{"topic":"a","event_id":"e","answer":"yes","tagged":true}`: "body",
		`{"topic":"a","event_id":"e","answer":"yes","by":"` + strings.Repeat("x", 5000) + `"}`: "body",
		`{"topic":"a","event_id":"e","answer":"yes","by":"` + strings.Repeat("x", 65) + `"}`:   "by",
		`{"topic":"a","event_id":"e","answer":"maybe"}`:                                        "answer",
		`{"topic":"a","event_id":"e"}`:                                                         "answer",
		`{"topic":"a","answer":"no"}`:                                                          "event_id",
		`{"topic":"a","event_id":"a\nb","answer":"no"}`:                                        "event_id",
		`{"topic":"","event_id":"e","answer":"no"}`:                                            "topic",
		`{"topic":"a..b","event_id":"e","answer":"no"}`:                                        "topic",
		`{"topic":".a","event_id":"e","answer":"no"}`:                                          "topic",
		`{"topic":"a'b","event_id":"e","answer":"no"}`:                                         "topic",
	} {
		w := post(h, body)
		var said struct {
			Error struct{ Message, Parameter string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || w.Code != http.StatusBadRequest || said.Error.Parameter != parameter {
			t.Errorf("%.80s: %d %s, want %s", body, w.Code, w.Body, parameter)
		}
	}
}

// Nobody else's page may answer in a visitor's name.
func TestAnswersFromElsewhereAreRefused(t *testing.T) {
	stored := func(clickhouse.TopicReview) error { t.Error("stored"); return nil }
	for name, c := range map[string]struct {
		h      http.Handler
		header []string
		status int
	}{
		"another site":     {reviewHandler(t, stored, server.ReviewsOn), []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"another origin":   {reviewHandler(t, stored, server.ReviewsOn), []string{"Origin", "https://evil.example"}, http.StatusForbidden},
		"a form":           {reviewHandler(t, stored, server.ReviewsOn), []string{"Content-Type", "text/plain"}, http.StatusUnsupportedMediaType},
		"off":              {reviewHandler(t, stored, server.ReviewsOff), nil, http.StatusForbidden},
		"no writer":        {reviewHandler(t, nil, server.ReviewsOn), nil, http.StatusForbidden},
		"not this machine": {reviewHandler(t, stored, ""), nil, http.StatusForbidden},
	} {
		if w := post(c.h, goodAnswer, c.header...); w.Code != c.status {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestAnswerThatCannotBeStored(t *testing.T) {
	for want, err := range map[int]error{
		http.StatusNotFound: clickhouse.ErrNoEvent, http.StatusInternalServerError: errors.New("full"),
		http.StatusServiceUnavailable: &clickhouse.UnreachableError{Err: errors.New("refused")},
	} {
		if w := post(reviewHandler(t, func(clickhouse.TopicReview) error { return err }, server.ReviewsOn), goodAnswer); w.Code != want || strings.Contains(w.Body.String(), "full") {
			t.Errorf("%v: %d %s", err, w.Code, w.Body)
		}
	}
}

func TestReviewSampleAnswers(t *testing.T) {
	reader := &fakeReader{t: t,
		next: func(clickhouse.Filter, int) (string, int, error) { return "service.speed", 3, nil },
		queue: func(f clickhouse.Filter, plan clickhouse.ReviewPlan) (clickhouse.ReviewQueue, error) {
			if f.Location != "store-3" || plan != (clickhouse.ReviewPlan{Topic: "service.speed", Sample: 60, TaggedShare: .5}) {
				t.Errorf("%+v %+v", f, plan)
			}
			return clickhouse.ReviewQueue{Answered: 8, Texts: append(make([]clickhouse.ReviewText, 30),
				clickhouse.ReviewText{EventID: "late"})}, nil
		},
	}
	var body struct {
		Topic                  string
		Sample, Answered, Left int
		Writable               bool
		Message                string
		Texts                  []struct{ Mention *struct{ Start, End int } }
	}
	decode(t, get(newHandler(reader), "/api/v1/reviews/sample?location=store-3&sample=60").Body.Bytes(), &body)
	if body.Topic != "service.speed" || body.Answered != 8 || body.Left != 31 || len(body.Texts) != 20 || body.Writable || body.Message == "" || body.Texts[0].Mention != nil {
		t.Errorf("%+v", body)
	}
	for _, query := range []string{"sentiment=negative", "q=slow", "sample=1", "sample=1001", "topic=a..b", "limit=3", "topic=a&topic=b"} {
		if w := get(newHandler(&fakeReader{t: t}), "/api/v1/reviews/sample?"+query); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{goodAnswer, "", "[]", `{"topic":"a.b","event_id":"é","answer":"undone"}`, `{"by":"\u0000"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		stored := false
		w := post(reviewHandler(t, func(v clickhouse.TopicReview) error {
			stored = true
			if v.Topic == "" || v.EventID == "" || v.Reviewer == "" || len(v.EventID) > 128 || len(v.Reviewer) > 64 {
				t.Errorf("%+v", v)
			}
			return nil
		}, server.ReviewsOn), body)
		if stored != (w.Code == http.StatusOK) || !stored && w.Code != http.StatusBadRequest {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
