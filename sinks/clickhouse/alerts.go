package clickhouse

import (
	"context"
	"slices"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline/insight"
)

// AlertFilter selects alerts; zero values do not restrict.
type AlertFilter struct {
	Since, Until time.Time // their events
	State        string    // open, acknowledged, resolved; active is open or acknowledged
	Kind         string
	ID           string // or its beginning
}

// alertRow is an alert as the view has it.
type alertRow struct {
	ID       string    `ch:"id"`
	Key      string    `ch:"key"`
	Kind     string    `ch:"kind"`
	State    string    `ch:"state"`
	Topic    string    `ch:"topic"`
	Location string    `ch:"location"`
	Channel  string    `ch:"channel"`
	Since    time.Time `ch:"since"`
	RaisedAt time.Time `ch:"raised_at"`
	LastAt   time.Time `ch:"last_at"`
	Count    uint64    `ch:"count"`
	Expected float64   `ch:"expected"`
	Lift     float64   `ch:"lift"`
	P        float64   `ch:"p"`
	Q        float64   `ch:"q"`
	Sentence string    `ch:"sentence"`
	AckBy    string    `ch:"ack_by"`
	AckAt    time.Time `ch:"ack_at"`
	AckNote  string    `ch:"ack_note"`
	Version  uint32    `ch:"version"`
}

func (r *alertRow) alert() insight.Alert {
	a := insight.Alert{
		ID: r.ID, Key: r.Key, Kind: insight.AlertKind(r.Kind), State: insight.AlertState(r.State),
		Cell:  insight.Cell{Topic: r.Topic, Location: r.Location, Channel: r.Channel},
		Since: r.Since, RaisedAt: r.RaisedAt, LastAt: r.LastAt, Count: int(r.Count),
		Expected: r.Expected, Lift: r.Lift, P: r.P, Q: r.Q, Sentence: r.Sentence, Version: int(r.Version),
	}
	if r.AckBy != "" {
		a.AckBy, a.AckNote, a.AckAt = r.AckBy, r.AckNote, &r.AckAt
	}
	return a
}

// Alerts returns alerts, those that are not over first, the latest first.
func (r *Reader) Alerts(ctx context.Context, f AlertFilter, limit int) ([]insight.Alert, error) {
	until := f.Until
	if until.IsZero() {
		until = endOfTime()
	}
	rows, err := selectRows[alertRow](ctx, r, "alerts", Filter{},
		chgo.DateNamed("since", keyTime(f.Since), chgo.MilliSeconds), chgo.DateNamed("until", keyTime(until), chgo.MilliSeconds),
		chgo.Named("state", f.State), chgo.Named("kind", f.Kind), chgo.Named("id", f.ID), chgo.Named("limit", max(limit, 0)))
	alerts := make([]insight.Alert, len(rows))
	for i := range rows {
		alerts[i] = rows[i].alert()
	}
	return alerts, err
}

// AlertChange is one line of an alert's history.
type AlertChange struct {
	Key      string    `ch:"change_key" json:"key"`
	Change   string    `ch:"change" json:"change"`
	At       time.Time `ch:"changed_at" json:"at"`
	State    string    `ch:"state" json:"state"`
	Count    uint64    `ch:"count" json:"count"`
	Sentence string    `ch:"sentence" json:"sentence"`
	By       string    `ch:"ack_by" json:"by"`
	Note     string    `ch:"ack_note" json:"note"`
}

// AlertDelivery says who was told of a change.
type AlertDelivery struct {
	ChangeKey string    `ch:"change_key" json:"change_key"`
	Target    string    `ch:"target" json:"target"`
	Outcome   string    `ch:"outcome" json:"outcome"` // sent, failed, or waiting: tried in vain and tried on
	Attempts  uint32    `ch:"attempts" json:"attempts"`
	Detail    string    `ch:"detail" json:"detail"`
	At        time.Time `ch:"at" json:"at"`
}

// AlertHistory returns what became of an alert, and who was told.
func (r *Reader) AlertHistory(ctx context.Context, id string) ([]AlertChange, []AlertDelivery, error) {
	changes, err := selectRows[AlertChange](ctx, r, "alerts_changes", Filter{}, chgo.Named("id", id))
	if err != nil {
		return nil, nil, err
	}
	deliveries, err := selectRows[AlertDelivery](ctx, r, "alerts_deliveries", Filter{}, chgo.Named("id", id))
	slices.Reverse(deliveries) // the oldest first
	return changes, deliveries, err
}
