package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

func TestPeriods(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	now := answersNow()
	span := func(a, b time.Time) clickhouse.Span { return clickhouse.Span{Since: a, Until: b} }
	for _, test := range []struct {
		from, to      string
		before, after clickhouse.Span
	}{
		{"", "30d", span(now.Add(-60*day), now.Add(-30*day)), span(now.Add(-30*day), now)},
		{"2026-05", "2026-06", span(at("2026-05-01T00:00:00Z"), at("2026-06-01T00:00:00Z")), span(at("2026-06-01T00:00:00Z"), at("2026-07-01T00:00:00Z"))},
		{"", "2026-06-10", span(at("2026-06-09T00:00:00Z"), at("2026-06-10T00:00:00Z")), span(at("2026-06-10T00:00:00Z"), at("2026-06-11T00:00:00Z"))},
		{"60d..31d", "2026-06-10..", span(now.Add(-60*day), now.Add(-31*day)), span(at("2026-06-10T00:00:00Z"), now)},
	} {
		before, after, err := periods(test.from, test.to, now)
		if err != nil || before != test.before || after != test.after {
			t.Errorf("%q to %q: %v %v, %v", test.from, test.to, before, after, err)
		}
	}
	for _, wrong := range [][2]string{{"", "soon"}, {"", ""}, {"2026-06", "2026-06"}, {"", "10d..20d"}, {"..2026-05-01", "2026-06"}, {"2026-13", "2026-06"}} {
		if _, _, err := periods(wrong[0], wrong[1], now); err == nil {
			t.Errorf("%q to %q: no error", wrong[0], wrong[1])
		}
	}
}

// storeDecline stores two months: in the second one there are more complaints about
// slow service, each from a detractor.
func storeDecline(a *answers) {
	var feedback []heard
	for i := range 800 {
		f := heard{daysAgo: float64(i%28) + 1, analysis: tone(pipeline.Positive, "food.taste")}
		f.event = pipeline.Event{Source: "survey", Location: []string{"store-001", "store-002"}[i%2], Survey: &pipeline.Survey{NPS: ptr(10 - i%3)}}
		often := 5
		if i < 400 {
			f.daysAgo += 30
			often = 20
		}
		if i%often == 3 {
			f.analysis, f.event.Survey = tone(pipeline.Negative, "service.speed"), &pipeline.Survey{NPS: ptr(2)}
		}
		feedback = append(feedback, f)
	}
	a.store(feedback...)
}

func TestInsightsOfAKPI(t *testing.T) {
	a := newAnswers(t)
	storeDecline(a)
	var impacts []insight.Impact
	decodeInto(t, a.done("insights", "impact", "--json", "--kpi", "nps"), &impacts)
	if len(impacts) != 1 || impacts[0].Topic != "service.speed" || impacts[0].Events != 100 || impacts[0].Answers != 800 || impacts[0].Low <= 0 {
		t.Errorf("impacts %+v", impacts)
	}
	if got := a.done("insights", "impact", "--topic", "food"); !strings.Contains(got, "No topic") {
		t.Errorf("praise costs: %s", got)
	}
	var model insight.DriverModel
	decodeInto(t, a.done("insights", "drivers", "--json"), &model)
	if model.Answers != 800 || len(model.Drivers) == 0 || model.Drivers[0].Topic != "service.speed" && model.Drivers[0].Topic != "food.taste" {
		t.Errorf("drivers %+v", model)
	}
	var change insight.KPIChange
	decodeInto(t, a.done("insights", "change", "--json"), &change)
	sum := 0.
	for _, p := range change.Parts {
		sum += p.Points
	}
	if math.Abs(sum-change.Points) > 1e-9 || change.Points > -10 || change.From.Answers != 400 || change.To.Answers != 400 {
		t.Errorf("change %+v: the parts add up to %v", change, sum)
	}
	if got := a.done("insights", "change"); !strings.HasPrefix(got, "NPS fell ") || !strings.Contains(got, "slow service") {
		t.Errorf("change: %s", got)
	}
	if got := a.done("insights", "change", "--format", "csv"); !strings.HasPrefix(got, "part,points,low,high,") {
		t.Errorf("csv: %s", got)
	}
	if got := a.done("insights", "--since", "60d"); !strings.Contains(got, "pieces of feedback") {
		t.Errorf("insights alone: %s", got)
	}
}

func TestInsightsOfAKPIWithoutAnswers(t *testing.T) {
	a := newAnswers(t)
	for _, test := range []struct {
		args string
		code int
		says string
	}{
		{"insights drivers", exitFailed, "--kpi net_sentiment"},
		{"insights change --kpi net_sentiment", exitFailed, "--kpi csat"},
		{"insights impact", exitDone, ""},
		{"insights drivers --kpi ces", exitUsage, "net_sentiment"},
		{"insights impact --source smoke", exitUsage, "--source"},
		{"insights change --to 2026-06 --from 2026-06", exitUsage, "--from ends after"},
		{"insights nonsense", exitUsage, "nonsense"},
	} {
		if code, _, stderr := a.run(strings.Fields(test.args)...); code != test.code || !strings.Contains(stderr, test.says) {
			t.Errorf("%s: exit code %d, %s", test.args, code, stderr)
		}
	}
}

func decodeInto(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}
