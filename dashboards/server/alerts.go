package server

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// alertsBody are the alerts of the last days, those that are not over first.
type alertsBody struct {
	Alerts []insight.Alert `json:"alerts"`
	Active int             `json:"active"` // of these, not over
}

// alertDays is how far back alerts are listed unless since says otherwise.
const alertDays = 30

// alerts answers with the list; like the page it only reads.
func (s *server) alerts(w http.ResponseWriter, r *http.Request) {
	filter, limit, err := parseAlertQuery(r.URL.Query(), s.now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	found, err := s.reader.Alerts(r.Context(), filter, limit)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	body := alertsBody{Alerts: orEmpty(found)}
	for _, a := range found {
		if a.State != insight.AlertResolved {
			body.Active++
		}
	}
	writeJSON(w, http.StatusOK, body)
}

func parseAlertQuery(values url.Values, now time.Time) (clickhouse.AlertFilter, int, error) {
	f := clickhouse.AlertFilter{Since: now.UTC().AddDate(0, 0, -alertDays)}
	limit := defaultLimit
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value, err := single(name, values[name])
		if err != nil {
			return f, 0, err
		}
		switch name {
		case "state":
			if !slices.Contains([]string{"open", "acknowledged", "resolved", "active"}, value) {
				return f, 0, &paramError{name, "open, acknowledged, resolved or active"}
			}
			f.State = value
		case "kind":
			if !slices.Contains([]string{"crisis", "spike", "rising", "theme"}, value) {
				return f, 0, &paramError{name, "crisis, spike, rising or theme"}
			}
			f.Kind = value
		case "limit":
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 || n > maxLimit {
				return f, 0, &paramError{name, "a whole number from 1 to " + strconv.Itoa(maxLimit)}
			}
			limit = n
		default:
			return f, 0, &paramError{name, "unknown parameter: there are state, kind and limit"}
		}
	}
	return f, limit, nil
}
