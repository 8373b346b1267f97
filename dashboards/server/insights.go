package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// InsightSource is what findings are mined from.
type InsightSource interface {
	// Observations passes the events of a selection to add, oldest first.
	Observations(ctx context.Context, f clickhouse.Filter, add func(insight.Observation)) error
	// FindingVerbatims returns the complaints a finding counts, newest first.
	FindingVerbatims(ctx context.Context, f clickhouse.Filter, found insight.Finding, limit, offset int) ([]clickhouse.Verbatim, error)
	// FindingSQL is a query that yields what a finding counts.
	FindingSQL(f clickhouse.Filter, found insight.Finding) (string, error)
}

// InsightOptions tune the mining behind the page; the zero value is the default.
type InsightOptions struct {
	Names   map[string]string // of complaints by topic: "slow service"
	MaxRows int               // of one run, 28 bytes each; 0: 10 million
	Keep    int               // selections whose findings are kept; 0: 32
	Timeout time.Duration     // of one run; 0: 5 minutes
	Fresh   time.Duration     // for which findings are not mined anew; 0: 30 s
	Now     func() time.Time  // nil: time.Now
	Log     *slog.Logger      // nil: slog.Default
}

func (o InsightOptions) withDefaults() InsightOptions {
	if o.MaxRows == 0 {
		o.MaxRows = 10_000_000
	}
	if o.Keep == 0 {
		o.Keep = 32
	}
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Minute
	}
	if o.Fresh == 0 {
		o.Fresh = 30 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// Insights mines findings in the background: one selection at a time, each at
// most once at a time, the last few kept. It is safe for concurrent use.
type Insights struct {
	source InsightSource
	opts   InsightOptions
	ctx    context.Context // of all runs; ends with Close
	stop   context.CancelFunc
	turn   chan struct{} // held by the run under way
	runs   sync.WaitGroup

	mu     sync.Mutex
	closed bool
	kept   map[string]*mined
}

// mined are the findings of one selection.
type mined struct {
	running  bool
	asked    time.Time // last
	at       time.Time // of the answer; zero: none yet
	took     time.Duration
	filter   clickhouse.Filter
	seen     int
	findings []findingBody
	err      error // of the last run
}

type findingBody struct {
	insight.Finding
	SQL string `json:"sql"`
}

// NewInsights returns a miner; Close ends it.
func NewInsights(source InsightSource, opts InsightOptions) *Insights {
	in := &Insights{source: source, opts: opts.withDefaults(), turn: make(chan struct{}, 1), kept: map[string]*mined{}}
	in.ctx, in.stop = context.WithCancel(context.Background())
	return in
}

// Close cancels what is under way and waits for it.
func (in *Insights) Close() {
	in.mu.Lock()
	in.closed = true
	in.mu.Unlock()
	in.stop()
	in.runs.Wait()
}

// errBusy means that more selections wait for their turn than are kept.
var errBusy = errors.New("too many selections are being looked at: try again in a minute")

// ask returns what is known of a selection and sees to it that it is mined. The
// key stands for the filter.
func (in *Insights) ask(key string, f clickhouse.Filter) (mined, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	now := in.opts.Now()
	m := in.kept[key]
	if m == nil {
		if !in.makeRoom() {
			return mined{}, errBusy
		}
		m = new(mined)
		in.kept[key] = m
	}
	m.asked = now
	if !in.closed && !m.running && in.due(m, now) {
		m.running = true
		in.runs.Add(1)
		go in.run(m, f)
	}
	return *m, nil
}

// due tells whether an answer is missing or old. What took long is done less
// often: it takes a tenth of the time at most.
func (in *Insights) due(m *mined, now time.Time) bool {
	return m.at.IsZero() || now.Sub(m.at) > max(in.opts.Fresh, 10*m.took)
}

// makeRoom forgets the selection that was not asked for the longest, unless all
// of them are being mined.
func (in *Insights) makeRoom() bool {
	for len(in.kept) >= in.opts.Keep {
		oldest := ""
		for key, m := range in.kept {
			if !m.running && (oldest == "" || m.asked.Before(in.kept[oldest].asked)) {
				oldest = key
			}
		}
		if oldest == "" {
			return false
		}
		delete(in.kept, oldest)
	}
	return true
}

// run mines a selection when its turn comes.
func (in *Insights) run(m *mined, f clickhouse.Filter) {
	defer in.runs.Done()
	select {
	case in.turn <- struct{}{}:
		defer func() { <-in.turn }()
	case <-in.ctx.Done():
		return
	}
	ctx, cancel := context.WithTimeout(in.ctx, in.opts.Timeout)
	defer cancel()
	began := in.opts.Now()
	findings, seen, err := in.mine(ctx, f)
	if err != nil && in.ctx.Err() == nil {
		in.opts.Log.Warn("insights", "error", err)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	m.running, m.at, m.err = false, in.opts.Now(), err
	m.took = m.at.Sub(began)
	if err == nil {
		m.filter, m.seen, m.findings = f, seen, findings
	}
}

// errTooMuch means that a selection holds more than is mined for a page.
type errTooMuch int

func (e errTooMuch) Error() string {
	return fmt.Sprintf("more than %d pieces of feedback: choose a shorter period, or run `earshot insights`", int(e))
}

func (in *Insights) mine(ctx context.Context, f clickhouse.Filter) ([]findingBody, int, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	table := new(insight.Table)
	err := in.source.Observations(ctx, f, func(o insight.Observation) {
		if table.Len() < in.opts.MaxRows {
			table.Add(o)
			return
		}
		cancel(errTooMuch(in.opts.MaxRows))
	})
	if cause := context.Cause(ctx); cause != nil {
		return nil, 0, cause
	}
	if err != nil {
		return nil, 0, err
	}
	found, err := insight.Mine(ctx, table, insight.Options{Names: in.opts.Names})
	if err != nil {
		return nil, 0, err
	}
	out := make([]findingBody, len(found))
	for i, f2 := range found {
		out[i].Finding = f2
		if out[i].SQL, err = in.source.FindingSQL(f, f2); err != nil {
			return nil, 0, err
		}
	}
	return out, table.Len(), nil
}

// find looks a finding up among the kept ones.
func (in *Insights) find(key, id string) (insight.Finding, clickhouse.Filter, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	m := in.kept[key]
	if m == nil {
		return insight.Finding{}, clickhouse.Filter{}, false
	}
	for _, f := range m.findings {
		if f.ID == id {
			return f.Finding, m.filter, true
		}
	}
	return insight.Finding{}, clickhouse.Filter{}, false
}
