package clickhouse

import (
	"testing"
	"time"

	"earshot/pipeline/insight"
)

// An alert's life in the store: raised, counted up, acknowledged, resolved; told
// once to each target.
func TestAlertsAreStored(t *testing.T) {
	url, _ := freshDatabase(t)
	log, err := OpenAlertLog(At(url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	ctx, now := t.Context(), time.Now().UTC().Truncate(time.Millisecond)
	known := map[string]insight.Alert{}
	signal := insight.Signal{Kind: insight.KindCrisis, Cell: insight.Cell{Location: "store-001"}, Since: now.Add(-time.Minute), Until: now, Observed: 5, P: 1e-9}
	step := func(at time.Time, signals ...insight.Signal) {
		t.Helper()
		if err := log.Append(ctx, insight.Advance(known, signals, insight.AlertPolicy{Cooldown: time.Hour}, at), at); err != nil {
			t.Fatal(err)
		}
	}
	only := func(state insight.AlertState, count int) insight.Alert {
		t.Helper()
		alerts, err := log.Alerts(ctx, AlertFilter{}, 10)
		if err != nil || len(alerts) != 1 || alerts[0].State != state || alerts[0].Count != count {
			t.Fatalf("%+v %v, expected one %s with %d", alerts, err, state, count)
		}
		return alerts[0]
	}
	step(now, signal)
	a := only(insight.AlertOpen, 5)
	signal.Observed, signal.Until = 30, now.Add(time.Minute)
	step(now.Add(time.Minute), signal)
	only(insight.AlertOpen, 30)
	if err := log.Acknowledge(ctx, a, "kim", "on it", now); err != nil {
		t.Fatal(err)
	}
	if a = only(insight.AlertAcknowledged, 30); a.AckBy != "kim" || a.AckNote != "on it" || a.AckAt == nil {
		t.Fatalf("%+v", a)
	}
	step(now.Add(time.Hour))
	only(insight.AlertResolved, 30)

	for _, want := range []int{3, 2, 1, 0} { // raised, acknowledged, resolved; counts are told to nobody
		box, err := log.Outbox(ctx, "webhook")
		if err != nil || len(box) != want {
			t.Fatalf("%d to tell, expected %d: %v", len(box), want, err)
		}
		if want > 0 {
			if err := log.Delivered(ctx, AlertDelivery{ChangeKey: box[0].Key, Target: "webhook", Outcome: "sent", Attempts: 1, At: now}); err != nil {
				t.Fatal(err)
			}
		}
	}
	changes, deliveries, err := log.AlertHistory(ctx, a.ID)
	if err != nil || len(changes) != 4 || len(deliveries) != 3 {
		t.Fatal(len(changes), len(deliveries), err)
	}
}

// Of several watchers the eldest acts.
func TestEldestWatcherLeads(t *testing.T) {
	url, _ := freshDatabase(t)
	log, err := OpenAlertLog(At(url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	began := time.Now()
	for _, step := range []struct {
		watcher string
		started time.Time
		leads   bool
	}{{"b", began, true}, {"c", began.Add(time.Second), false}, {"a", began.Add(-time.Second), true}, {"b", began, false}} {
		if leads, err := log.Lead(t.Context(), step.watcher, step.started); err != nil || leads != step.leads {
			t.Fatalf("%s leads: %v, %v", step.watcher, leads, err)
		}
	}
}

// The queries run on an empty store, and say that nothing is usual yet.
func TestAlertQueriesOnAnEmptyStore(t *testing.T) {
	url, _ := freshDatabase(t)
	reader, err := OpenReader(At(url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	now := time.Now()
	beats, err1 := reader.PublicBeats(t.Context(), now)
	seasons, err2 := reader.PublicSeasons(t.Context(), now)
	cells, err3 := reader.TrendCells(t.Context(), now, 24*time.Hour)
	if err1 != nil || err2 != nil || err3 != nil || len(beats)+len(seasons)+len(cells) != 0 {
		t.Fatal(beats, seasons, cells, err1, err2, err3)
	}
}

// A flood leaves the newest beats: a burst of now must be among them.
func TestPublicBeatsKeepTheNewest(t *testing.T) {
	url, conn := freshDatabase(t)
	reader, err := OpenReader(At(url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	const flood, places, kept = 120_000, 40, 100_000
	now := time.Now().UTC().Truncate(time.Second)
	if err := conn.Exec(t.Context(), `INSERT INTO records (outcome, source, sentiment, occurred_at, ingested_at, location, kafka_offset)
		SELECT 'event', 'review', 'negative', fromUnixTimestamp(?) - toIntervalSecond(intDiv(number, ?)), now(), concat('store-', toString(number % ?)), number
		FROM numbers(?)`, now.Unix(), places, places, flood); err != nil {
		t.Fatal(err)
	}
	beats, err := reader.PublicBeats(t.Context(), now)
	if err != nil || len(beats) != kept {
		t.Fatalf("%d beats, expected %d: %v", len(beats), kept, err)
	}
	first, last := beats[0].At, beats[kept-1].At
	if !first.Equal(now) || !last.Equal(now.Add(-(kept/places-1)*time.Second)) {
		t.Errorf("beats from %v to %v, expected the newest before %v", first, last, now)
	}
}
