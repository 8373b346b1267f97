package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/sinks/clickhouse"
)

const (
	benchIDBatch  = 10_000    // ids of one look-up
	benchIDInsert = 1_000_000 // rows of one insert
	benchIDRounds = 40
	benchFillTime = time.Hour
)

// benchIDRows are events with the columns that the check of ids and the audit
// read, and a little text.
const benchIDRows = `INSERT INTO records (outcome, event_id, id_hash, occurred_at, ingested_at, kafka_time, source, location, rating, text,
 sentiment, kafka_topic, kafka_partition, kafka_offset)
SELECT 'event', concat('evt-', toString(number)) AS id, xxHash64(id), now64(3) - number %% 8000000, toStartOfMonth(now()), now64(3), 'review',
 concat('store-', toString(number %% 200)), 1 + number %% 5, concat('The soup was cold, ticket ', toString(number)),
 'negative', 'feedback.events', number %% 8, intDiv(number, 8)
FROM numbers(%d, %d) SETTINGS max_block_size = 1000000, max_insert_block_size = 1000000, min_insert_block_size_rows = 1000000`

// idTimes are of look-ups of 10,000 ids each, in milliseconds.
type idTimes struct {
	Median float64 `json:"median_ms"`
	P95    float64 `json:"p95_ms"`
}

// idBench is what `bench ids` prints.
type idBench struct {
	Rows         int     `json:"rows"`
	Table        idTimes `json:"table"`             // new ids, the table asked about each
	New          idTimes `json:"filter"`            // new ids
	Some         idTimes `json:"filter_some"`       // 1 % of them stored
	Asked        float64 `json:"asked"`             // share of new ids that the table was asked about
	LoadSeconds  float64 `json:"load_seconds"`      // of the filter
	FilterBytes  int     `json:"filter_bytes"`      //
	Memory       int64   `json:"memory_bytes"`      // resident, of this process, with the filter
	AuditSeconds float64 `json:"audit_seconds"`     // of the table and its ids
	AuditOK      bool    `json:"audit_ok"`          //
	Others       float64 `json:"processors_others"` // share of the processors' time with programs that are no part of this
}

func (p *program) benchIDsCommand() *cobra.Command {
	rows := 20_000_000
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "ids",
		Short: "Measure the check of event ids, and the audit, on a big table",
		Long: `Starts the embedded engine in a temporary directory, fills the table and measures
what a batch of 10,000 ids costs with and without the filter that a worker keeps in
memory, how long that takes to load, and the audit. 20 million rows need some GB of
disk, for a few minutes. The directory is removed.`,
		Example: `  earshot bench ids
  earshot bench ids --rows 2000000 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if rows < benchIDBatch {
				return usagef("--rows %d: at least %d, or there is nothing to measure", rows, benchIDBatch)
			}
			result, err := p.benchIDs(cmd.Context(), rows)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), result)
			}
			return result.print(cmd.OutOrStdout())
		},
	}
	cmd.Flags().IntVar(&rows, "rows", rows, "events in the table")
	cmd.Flags().BoolVar(&asJSON, "json", false, "the figures as JSON")
	return cmd
}

func (p *program) benchIDs(ctx context.Context, rows int) (r *idBench, err error) {
	dir, err := os.MkdirTemp("", "earshot-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	house, cfg, err := startHouse(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, house.stop()) }()
	if err := clickhouse.Migrate(ctx, cfg.ClickHouse.Server(), slog.New(slog.DiscardHandler)); err != nil {
		return nil, err
	}
	r = &idBench{Rows: rows}
	p.benchSays("filling the table")
	if err := benchFillIDs(ctx, cfg, rows); err != nil {
		return nil, err
	}
	ticks := readTicks(os.Getpid())
	p.benchSays("looking ids up")
	if err := r.lookUps(ctx, cfg); err != nil {
		return nil, err
	}
	p.benchSays("auditing")
	began := time.Now()
	found, err := auditTable(ctx, cfg, true)
	r.AuditSeconds, r.AuditOK = time.Since(began).Seconds(), found.totals().ok()
	_, r.Others = readTicks(os.Getpid()).share(ticks)
	return r, err
}

func benchFillIDs(ctx context.Context, cfg config.Config, rows int) (err error) {
	conn, err := clickhouse.Open(cfg.ClickHouse.Server())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	ctx, cancel := context.WithTimeout(ctx, benchFillTime) // else an insert has as long as an answer to a worker
	defer cancel()
	for first := 0; first < rows; first += benchIDInsert {
		if err := conn.Exec(ctx, fmt.Sprintf(benchIDRows, first, min(benchIDInsert, rows-first))); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	return nil
}

// lookUps measures batches without the filter, its loading, and batches with it.
func (r *idBench) lookUps(ctx context.Context, cfg config.Config) (err error) {
	conn, err := clickhouse.Open(cfg.ClickHouse.Server())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	w, err := clickhouse.NewWriter(ctx, conn, nil)
	if err != nil {
		return err
	}
	if r.Table, err = benchStored(ctx, w, 0); err != nil {
		return err
	}
	began := time.Now()
	defer w.KeepIDs(cfg.Worker.IDFilterBytes, slog.New(slog.DiscardHandler))()
	for !w.IDStats().Loaded {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	r.LoadSeconds, r.FilterBytes = time.Since(began).Seconds(), w.IDStats().Bytes
	before := w.IDStats()
	if r.New, err = benchStored(ctx, w, 0); err != nil {
		return err
	}
	after := w.IDStats()
	r.Asked = float64(after.Asked-before.Asked) / float64(after.Checked-before.Checked)
	if r.Some, err = benchStored(ctx, w, 100); err != nil {
		return err
	}
	r.Memory = residentMemory("self")
	return nil
}

// benchStored looks up batches of new ids, some of them stored.
func benchStored(ctx context.Context, w *clickhouse.Writer, stored int) (idTimes, error) {
	took := make([]float64, benchIDRounds)
	for round := range took {
		ids := make([]string, benchIDBatch)
		for i := range ids {
			ids[i] = fmt.Sprintf("new-%d-%d-%d", stored, round, i)
			if i < stored {
				ids[i] = fmt.Sprintf("evt-%d", i*97+round)
			}
		}
		began := time.Now()
		found, err := w.Stored(ctx, ids)
		took[round] = float64(time.Since(began).Microseconds()) / 1000
		if err != nil {
			return idTimes{}, err
		}
		if len(found) != stored {
			return idTimes{}, fmt.Errorf("%d of %d stored ids were found", len(found), stored)
		}
	}
	slices.Sort(took)
	return idTimes{Median: took[benchIDRounds/2], P95: took[benchIDRounds*95/100]}, nil
}

func (t idTimes) String() string {
	return fmt.Sprintf("%.1f ms a batch, 95 %% within %.1f ms", t.Median, t.P95)
}

func (r *idBench) print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s events in the table; a batch is %s ids\n\n", thousands(uint64(r.Rows)), thousands(benchIDBatch))
	verdict := "ok"
	if !r.AuditOK {
		verdict = "FAILED"
	}
	for _, line := range [][2]string{
		{"the table asked", r.Table.String()},
		{"with the filter", fmt.Sprintf("%v; the table is asked about %.2f %% of new ids", r.New, 100*r.Asked)},
		{"  1 % stored", r.Some.String()},
		{"filter", fmt.Sprintf("%.1f MB, loaded in %.1f s", float64(r.FilterBytes)/1e6, r.LoadSeconds)},
		{"memory of this process", fmt.Sprintf("%d MB", r.Memory>>20)},
		{"audit", fmt.Sprintf("%.2f s, %s", r.AuditSeconds, verdict)},
		{"processors meanwhile", fmt.Sprintf("%.0f %% with other programs", 100*r.Others)},
	} {
		fmt.Fprintf(&b, "%-24s%s\n", line[0], line[1])
	}
	_, err := io.WriteString(w, b.String())
	return err
}
