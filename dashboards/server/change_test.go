package server_test

import (
	"net/http"
	"testing"
	"time"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

func TestChange(t *testing.T) {
	type asked struct {
		kpi      insight.KPI
		from, to clickhouse.Span
		location string
	}
	var last asked
	answers := 500
	h := newHandler(&fakeReader{t: t, change: func(f clickhouse.Filter, kpi insight.KPI, from, to clickhouse.Span) (*insight.KPIChange, error) {
		last = asked{kpi, from, to, f.Location}
		c := &insight.KPIChange{KPI: kpi, Points: -6, Parts: []insight.ChangePart{{Kind: insight.TopicPart, Name: "price", Points: -6}}, Noise: []insight.ChangePart{}}
		if answers < insight.MinChangeAnswers {
			return c, insight.ErrFewAnswers
		}
		return c, nil
	}})
	var body struct {
		Enough bool
		Points float64
		Parts  []insight.ChangePart
	}
	decode(t, get(h, "/api/v1/change?since=2026-03-01&until=2026-03-08&kpi=csat&location=x").Body.Bytes(), &body)
	week := clickhouse.Span{Since: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC)}
	if want := (asked{insight.CSAT, week.Before(), week, "x"}); last != want || !body.Enough || body.Points != -6 || len(body.Parts) != 1 {
		t.Errorf("asked %+v, want %+v; body %+v", last, want, body)
	}
	answers = 3
	decode(t, get(h, "/api/v1/change").Body.Bytes(), &body)
	if want := now.AddDate(0, 0, -30); last.kpi != insight.NPS || !last.to.Since.Equal(want) || !last.from.Until.Equal(want) || body.Enough {
		t.Errorf("by default: %+v, %+v", last, body)
	}
	for _, query := range []string{"kpi=ces", "since=x", "nonsense=1", "since=2026-03-08&until=2026-03-01"} {
		if w := get(h, "/api/v1/change?"+query); w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", query, w.Code)
		}
	}
}
