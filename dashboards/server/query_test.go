package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"earshot/sinks/clickhouse"
)

// filterFor asks for topics with the query and returns the filter that came
// through, or the refused parameter.
func filterFor(t *testing.T, query string) (f clickhouse.Filter, parameter string, status int) {
	t.Helper()
	h := newHandler(&fakeReader{t: t, topics: func(got clickhouse.Filter) ([]clickhouse.TopicStat, error) {
		f = got
		return nil, nil
	}})
	w := get(h, "/api/v1/topics?"+query)
	if w.Code == http.StatusOK {
		return f, "", w.Code
	}
	var body struct {
		Error struct{ Message, Parameter string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || body.Error.Message == "" {
		t.Fatalf("%s: not an error body: %s", query, w.Body)
	}
	return f, body.Error.Parameter, w.Code
}

func TestFilterFromQuery(t *testing.T) {
	hour := 114
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	for query, want := range map[string]clickhouse.Filter{
		"": {},
		"source=review&platform=google&location=store-012&product=p&team=t&agent=a": {
			Source: "review", Platform: "google", Location: "store-012", Product: "p", Team: "t", Agent: "a",
		},
		"segment=vip&topic=service.speed&topic_sentiment=negative&context=peak_hours&sentiment=neutral&language=en&customer_id=c-1": {
			Segment: "vip", Topic: "service.speed", TopicSentiment: "negative", Context: "peak_hours", Sentiment: "neutral", Language: "en", CustomerID: "c-1",
		},
		"q=cr%C3%AApes+%25_%27":             {Text: "crêpes %_'"},
		"hour_of_week=114":                  {HourOfWeek: &hour},
		"contradiction=true":                {Contradiction: true},
		"since=2026-03-01&until=2026-03-02": {Since: day(1), Until: day(2)},
		"since=2026-03-01T02:00:00%2B02:00": {Since: day(1)},
		"since=30d":                         {Since: now.AddDate(0, 0, -30)},
		"since=2w&until=36h":                {Since: now.AddDate(0, 0, -14), Until: now.Add(-36 * time.Hour)},
		"since=2026-03-01T00:00:00.5Z&until=2026-03-01T00:00:01Z": {Since: day(1).Add(500 * time.Millisecond), Until: day(1).Add(time.Second)},
	} {
		got, _, status := filterFor(t, query)
		if status != http.StatusOK {
			t.Errorf("%s: status %d", query, status)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", query, diff)
		}
	}
}

func TestBadParametersAreRefused(t *testing.T) {
	for query, parameter := range map[string]string{
		"loction=store-012":                    "loction",
		"source=carrier_pigeon":                "source",
		"sentiment=angry":                      "sentiment",
		"topic_sentiment=bad":                  "topic_sentiment",
		"hour_of_week=168":                     "hour_of_week",
		"hour_of_week=-1":                      "hour_of_week",
		"hour_of_week=1.5":                     "hour_of_week",
		"contradiction=yes":                    "contradiction",
		"since=yesterday":                      "since",
		"since=0d":                             "since",
		"since=-3d":                            "since",
		"until=99999999999d":                   "until",
		"since=2026-02-30":                     "since",
		"since=2026-03-02&until=2026-03-02":    "until",
		"location=":                            "location",
		"location=a&location=b":                "location",
		"location=" + strings.Repeat("x", 257): "location",
		"q=%ff":                                "q",
		"q=a%00b":                              "q",
		"limit=10":                             "limit", // topics come all at once
		"q=" + url.QueryEscape("line\nbreak"):  "q",
	} {
		_, got, status := filterFor(t, query)
		if status != http.StatusBadRequest || got != parameter {
			t.Errorf("%s: status %d, parameter %q, want 400 and %q", query, status, got, parameter)
		}
	}
}

// Whatever a caller sends is a filter or a 400, never a failure, and a text
// that is accepted reaches the reader as it was sent.
func TestAnyQueryIsServedOrRefused(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom([]string{"location", "q", "since", "until", "hour_of_week", "source", "zz"}).Draw(rt, "name")
		value := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{1,9}[dwhm]?`), rapid.StringMatching(`20[0-9]{2}-[0-9]{2}-[0-9]{2}`)).Draw(rt, "value")
		f, parameter, status := filterFor(t, url.Values{name: {value}}.Encode())
		switch {
		case status == http.StatusBadRequest && parameter == name:
		case status != http.StatusOK:
			rt.Fatalf("status %d for %s=%q", status, name, value)
		case name == "location" && f.Location != value, name == "q" && f.Text != value:
			rt.Fatalf("%q arrived as %+v", value, f)
		case name == "since" && f.Since.IsZero(), name == "hour_of_week" && f.HourOfWeek == nil:
			rt.Fatalf("%s=%q was ignored", name, value)
		}
	})
}
