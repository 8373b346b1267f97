package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline/registry"
)

var (
	// ErrNoArtefact means that the table models holds no artefact of a version.
	ErrNoArtefact = errors.New("the table models holds no model of that version")
	// ErrAmbiguous means that several versions begin like that.
	ErrAmbiguous = errors.New("several versions begin like that: write more of it")
)

// Models returns the newest lines of the log of models, in its order.
func (r *Reader) Models(ctx context.Context, limit int) ([]registry.Entry, error) {
	return r.models(ctx, 0, limit)
}

// placesLimit bounds how far back a model can be gone back to.
const placesLimit = 1000

// ModelPlaces returns the lines that put a version in place, in the log's order;
// the last one is in place.
func (r *Reader) ModelPlaces(ctx context.Context) ([]registry.Entry, error) {
	return r.models(ctx, 1, placesLimit)
}

func (r *Reader) models(ctx context.Context, places uint8, limit int) ([]registry.Entry, error) {
	rows, err := selectRows[modelRow](ctx, r, "models", Filter{}, chgo.Named("places", places), chgo.Named("limit", max(limit, 0)))
	entries := make([]registry.Entry, len(rows))
	for i := range rows {
		entries[i] = rows[i].entry()
	}
	return entries, err
}

// ModelArtefact returns the version that begins like that and its artefact.
// ErrNoArtefact and ErrAmbiguous say that there is none, or not one.
func (r *Reader) ModelArtefact(ctx context.Context, beginning string) (version string, artefact []byte, err error) {
	type row struct {
		Version string `ch:"version"`
		Bytes   []byte `ch:"bytes"`
	}
	rows, err := selectRows[row](ctx, r, "models_artefact", Filter{}, chgo.Named("version", beginning))
	switch {
	case err != nil:
		return "", nil, err
	case len(rows) == 0:
		return "", nil, fmt.Errorf("%q: %w", beginning, ErrNoArtefact)
	case len(rows) > 1 && rows[0].Version != beginning:
		return "", nil, fmt.Errorf("%q: %w", beginning, ErrAmbiguous)
	}
	return rows[0].Version, rows[0].Bytes, nil
}

// modelRow is a line as the table has it.
type modelRow struct {
	At          time.Time  `ch:"at"`
	Decision    string     `ch:"decision"`
	Version     string     `ch:"version"`
	Parent      string     `ch:"parent"`
	Kind        string     `ch:"kind"`
	Language    string     `ch:"language"`
	MadeAt      time.Time  `ch:"made_at"`
	Learned     uint64     `ch:"learned"`
	From        *time.Time `ch:"events_from"`
	To          *time.Time `ch:"events_to"`
	Judged      uint64     `ch:"judged"`
	Accuracy    float64    `ch:"accuracy"`
	Low         float64    `ch:"accuracy_low"`
	High        float64    `ch:"accuracy_high"`
	Current     float64    `ch:"current_accuracy"`
	CurrentLow  float64    `ch:"current_low"`
	CurrentHigh float64    `ch:"current_high"`
	Reason      string     `ch:"reason"`
	By          string     `ch:"by"`
}

func (r *modelRow) entry() registry.Entry {
	return registry.Entry{
		At: r.At, Decision: registry.Decision(r.Decision), Version: r.Version, Parent: r.Parent, Kind: registry.Kind(r.Kind),
		Language: r.Language, MadeAt: r.MadeAt, Rows: int(r.Learned), From: r.From, To: r.To, Judged: int(r.Judged),
		Candidate: registry.Accuracy{Value: r.Accuracy, Low: r.Low, High: r.High},
		Current:   registry.Accuracy{Value: r.Current, Low: r.CurrentLow, High: r.CurrentHigh},
		Reason:    r.Reason, By: r.By,
	}
}
