package server_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

func TestAlerts(t *testing.T) {
	reader := &fakeReader{t: t, alerts: func(f clickhouse.AlertFilter, limit int) ([]insight.Alert, error) {
		if f.State != "active" || f.Kind != "crisis" || limit != 7 || !f.Since.Equal(now.AddDate(0, 0, -30)) {
			t.Errorf("asked for %+v, %d", f, limit)
		}
		return []insight.Alert{{ID: "a1", State: insight.AlertOpen, Cell: insight.Cell{Location: "store-001"}}, {ID: "a2", State: insight.AlertResolved}}, nil
	}}
	answer := get(newHandler(reader), "/api/v1/alerts?state=active&kind=crisis&limit=7")
	var body struct {
		Active int
		Alerts []struct{ ID, Location string }
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil || answer.Code != http.StatusOK {
		t.Fatal(answer.Code, answer.Body, err)
	}
	if body.Active != 1 || len(body.Alerts) != 2 || body.Alerts[0].Location != "store-001" {
		t.Fatalf("%+v", body)
	}
}

func TestAlertsRefuseWhatTheyDoNotKnow(t *testing.T) {
	for _, query := range []string{"state=quiet", "kind=x", "limit=0", "limit=501", "offset=3", "state=open&state=open", "location=a"} {
		if answer := get(newHandler(&fakeReader{t: t}), "/api/v1/alerts?"+query); answer.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", query, answer.Code, answer.Body)
		}
	}
}
