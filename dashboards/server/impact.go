package server

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"earshot/pipeline/insight"
)

// kpiQuery is a query that may be about one KPI only.
type kpiQuery struct {
	query
	kpi insight.KPI // "": all
}

// serveKPI is serve for an endpoint with the parameter kpi.
func (s *server) serveKPI(e func(context.Context, kpiQuery) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		values := r.URL.Query()
		kpi, err := takeKPI(values)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.serve(func(ctx context.Context, q query) (any, error) {
			return e(ctx, kpiQuery{q, kpi})
		}, nil).ServeHTTP(w, withValues(r, values))
	})
}

// takeKPI takes the parameter kpi out of values.
func takeKPI(values url.Values) (insight.KPI, error) {
	given, ok := values["kpi"]
	if !ok {
		return "", nil
	}
	value, err := single("kpi", given)
	if err != nil {
		return "", err
	}
	if !slices.Contains(insight.KPIs(), insight.KPI(value)) {
		return "", &paramError{"kpi", "must be nps, csat or net_sentiment"}
	}
	values.Del("kpi")
	return insight.KPI(value), nil
}

func withValues(r *http.Request, values url.Values) *http.Request {
	clone := r.Clone(r.Context())
	clone.URL.RawQuery = values.Encode()
	return clone
}

// impact answers with what complaints cost, the costliest topic of each KPI
// first. A topic only picks among them: all feedback is what it is compared with.
func (s *server) impact(ctx context.Context, q kpiQuery) (any, error) {
	topic := q.filter.Topic
	q.filter.Topic = ""
	votes, err := s.reader.TopicVotes(ctx, q.filter)
	if err != nil {
		return nil, err
	}
	impacts := insight.PickImpacts(insight.Impacts(votes), q.kpi, topic)
	return map[string][]insight.Impact{"impacts": orEmpty(impacts)}, nil
}
