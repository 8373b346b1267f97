package clickhouse

import (
	"context"
	"fmt"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline"
)

// Taxonomy is one that was put in force.
type Taxonomy struct {
	Version      string     `json:"version"`         // as in feedback.model
	PutInForceAt *time.Time `json:"put_in_force_at"` // nil: events tell of it, no worker recorded it
	Events       uint64     `json:"events"`          // stored ones that it tagged
	First        *time.Time `json:"first"`           // of these events; nil: none
	Last         *time.Time `json:"last"`
}

// RecordTaxonomy records that a taxonomy is in force from now on, unless it is the
// one that was put in force last; yaml is its text with all that it extends.
func RecordTaxonomy(ctx context.Context, conn driver.Conn, version string, yaml []byte, now time.Time) (recorded bool, err error) {
	var last string
	err = conn.QueryRow(ctx, "SELECT argMax(version, put_in_force_at) FROM taxonomies").Scan(&last)
	if err != nil {
		return false, fmt.Errorf("taxonomies: %w", err)
	}
	if last == version {
		return false, nil
	}
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO taxonomies (version, yaml, put_in_force_at)", driver.WithReleaseConnection())
	if err != nil {
		return false, fmt.Errorf("record taxonomy: %w", err)
	}
	if err := batch.Append(version, string(yaml), now.UTC()); err != nil {
		return false, fmt.Errorf("record taxonomy: %w", err)
	}
	if err := batch.Send(); err != nil {
		return false, fmt.Errorf("record taxonomy: %w", err)
	}
	return true, nil
}

// ModelUse is how many events of a selection a version scored.
type ModelUse struct {
	Model  string    `ch:"model"`
	Events uint64    `ch:"events"`
	Scored uint64    `ch:"scored"` // with a sentiment
	First  time.Time `ch:"first"`  // occurred_at
	Last   time.Time `ch:"last"`
}

// ModelsUsed tells what scored the events of a selection.
func (r *Reader) ModelsUsed(ctx context.Context, f Filter) ([]ModelUse, error) {
	return selectRows[ModelUse](ctx, r, "models_used", f)
}

// Taxonomies returns those that were put in force, the last first, and after them
// those that only events tell of.
func (r *Reader) Taxonomies(ctx context.Context) ([]Taxonomy, error) {
	type row struct {
		Version string    `ch:"version"`
		At      time.Time `ch:"put_in_force_at"`
	}
	rows, err := selectRows[row](ctx, r, "taxonomies", Filter{})
	if err != nil {
		return nil, err
	}
	uses, err := r.ModelsUsed(ctx, Filter{})
	if err != nil {
		return nil, err
	}
	used := map[string]*Taxonomy{}
	var order []string
	for _, u := range uses {
		version := pipeline.TaxonomyOf(u.Model)
		if version == "" {
			continue
		}
		t := used[version]
		if t == nil {
			t = &Taxonomy{Version: version}
			used[version] = t
			order = append(order, version)
		}
		t.use(u)
	}
	out := []Taxonomy{}
	known := map[string]bool{}
	for _, row := range rows {
		t := Taxonomy{Version: row.Version}
		if u := used[row.Version]; u != nil {
			t = *u
		}
		t.PutInForceAt = &row.At
		out, known[row.Version] = append(out, t), true
	}
	for _, version := range order {
		if !known[version] {
			out = append(out, *used[version])
		}
	}
	return out, nil
}

func (t *Taxonomy) use(u ModelUse) {
	t.Events += u.Events
	if t.First == nil || u.First.Before(*t.First) {
		t.First = &u.First
	}
	if t.Last == nil || u.Last.After(*t.Last) {
		t.Last = &u.Last
	}
}

// TaxonomyText is the text of a version.
type TaxonomyText struct {
	Version string `ch:"version"`
	YAML    string `ch:"yaml"`
}

// TaxonomyTexts returns the recorded texts of the versions whose name, or the part
// of it after @, begins with version.
func (r *Reader) TaxonomyTexts(ctx context.Context, version string) ([]TaxonomyText, error) {
	return selectRows[TaxonomyText](ctx, r, "taxonomy_text", Filter{}, chgo.Named("version", version))
}
