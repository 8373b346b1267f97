package e2e

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"earshot/pipeline/simulate"
)

// simulated writes a chain's events to a file.
func (in *install) simulated(args ...string) (file string, truth simulate.Truth) {
	in.t.Helper()
	file, truthFile := filepath.Join(in.cwd, "chain.jsonl"), filepath.Join(in.cwd, "truth.json")
	in.must(append([]string{"simulate", "--out", file, "--truth", truthFile}, args...)...)
	data, err := os.ReadFile(truthFile)
	if err != nil {
		in.t.Fatal(err)
	}
	return file, decode[simulate.Truth](in.t, string(data))
}

// The main path: simulate -> feed -> Kafka -> worker -> ClickHouse -> report,
// page and follow-up list, and the audit over all of it.
func TestMainPath(t *testing.T) {
	needEngine(t)
	in := newInstall(t)
	file, truth := in.simulated("--seed", "11", "--events", "6000", "--days", "20", "--locations", "12")
	up := in.up()
	in.must("feed", file)
	if n := up.drained(60 * time.Second); n != truth.Messages {
		t.Fatalf("%d offsets in Kafka for %d lines fed", n, truth.Messages)
	}
	got := up.outcomes()
	if got["event"] != truth.Events || got["duplicate"] != truth.Duplicate || got["dead"] != 0 {
		t.Errorf("outcomes %v; the truth has %d events and %d duplicates", got, truth.Events, truth.Duplicate)
	}
	for source, want := range truth.Sources {
		if n := up.number("SELECT count() FROM feedback WHERE source = '%s'", source); n != want {
			t.Errorf("%d events of source %s, want %d", n, source, want)
		}
	}
	checkReport(t, in, up, truth)
	checkFollowUps(t, in)
	in.must("audit")
}

type kpis struct {
	Volume       int      `json:"volume"`
	Positive     int      `json:"positive"`
	Neutral      int      `json:"neutral"`
	Negative     int      `json:"negative"`
	Unknown      int      `json:"unknown"`
	NetSentiment *float64 `json:"net_sentiment"`
	NPS          *float64 `json:"nps"`
	CSAT         *float64 `json:"csat"`
}

// checkReport compares terminal report and page with the table.
func checkReport(t *testing.T, in *install, up *running, truth simulate.Truth) {
	t.Helper()
	type period struct{ Current kpis }
	report := decode[period](t, in.must("report", "--json", "--since", "60d"))
	var page period
	up.get("/api/v1/kpis", &page)
	for name, k := range map[string]kpis{"report": report.Current, "page": page.Current} {
		if k.Volume != truth.Events || k.Positive+k.Neutral+k.Negative+k.Unknown != truth.Events {
			t.Errorf("%s: %+v, want volume %d", name, k, truth.Events)
		}
		nps := up.query("SELECT 100 * (countIf(nps >= 9) - countIf(nps <= 6)) / countIf(nps IS NOT NULL) FROM feedback")[0]
		if want := decode[float64](t, nps); k.NPS == nil || math.Abs(*k.NPS-want) > 0.01 {
			t.Errorf("%s: NPS %v, want %s", name, k.NPS, nps)
		}
		if k.NetSentiment == nil || k.CSAT == nil {
			t.Errorf("%s: net sentiment %v, CSAT %v", name, k.NetSentiment, k.CSAT)
		}
	}
}

// checkFollowUps exports the list and reads it as a spreadsheet would.
func checkFollowUps(t *testing.T, in *install) {
	t.Helper()
	file := filepath.Join(in.cwd, "followups.csv")
	text := in.must("followups", "export", "--format", "csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 20 {
		t.Fatalf("%d rows in the follow-up list", len(rows))
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("cell %q starts a formula", cell)
			}
		}
	}
}
