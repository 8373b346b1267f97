package soak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"sort"
	"strings"
	"time"
)

// checkLimit bounds all checks together.
const checkLimit = 15 * time.Minute

// check holds what was fed against the broker's log and the table.
func (s *soak) check(ctx context.Context) (*checked, error) {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	log, err := readLog(ctx, s.kafka.addr())
	if err != nil {
		return nil, err
	}
	// A killed producer may have sent more than it heard of.
	err = await(ctx, stallLimit, "the table reaches the end of the log", func() bool {
		next, err := s.store.positions(ctx)
		if err != nil {
			return false
		}
		for p, part := range log.partitions {
			if next[p] < part.start+int64(len(part.index)) {
				return false
			}
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	c := newComparison(s.feed, log, &s.v)
	c.acknowledged(s.ledger)
	if err := s.store.each(ctx, c.row); err != nil {
		return nil, err
	}
	c.finish()
	out := &checked{Log: c.expect(), Table: c.found, Planned: int64(s.feed.events())}
	if out.Log.Events != out.Planned {
		s.v.violate("ids", "%d ids were planned, the log holds %d", out.Planned, out.Log.Events)
	}
	for _, f := range []func(context.Context, *checked) error{s.checkSQL, s.checkProjections, s.checkAudit} {
		if err := f(ctx, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// checked are the sums that the checks found.
type checked struct {
	Planned int64            `json:"planned_events"`
	Log     expected         `json:"by_the_log"`
	Table   expected         `json:"by_the_table"`
	SQL     map[string]int64 `json:"sql"`
	Audit   map[string]any   `json:"audit"`
}

const sumsQuery = `SELECT count() AS row_count, uniqExact(kafka_partition, kafka_offset) AS places,
countIf(outcome = 'event') AS events, uniqExactIf(event_id, outcome = 'event') AS ids, countIf(outcome = 'duplicate') AS duplicates,
countIf(outcome = 'dead') AS dead, sumIf(span, outcome = 'skipped') AS skipped
FROM records WHERE kafka_topic = '` + eventsTopic + `'`

// checkSQL repeats the sums in the server's own words.
func (s *soak) checkSQL(ctx context.Context, c *checked) error {
	sums, err := s.store.row(ctx, sumsQuery)
	if err != nil {
		return err
	}
	c.SQL = sums
	for _, equal := range []struct {
		what      string
		got, want int64
	}{
		{"rows = offsets of the log", sums["row_count"], c.Log.Offsets},
		{"different places = rows", sums["places"], sums["row_count"]},
		{"different ids = events", sums["ids"], sums["events"]},
		{"events", sums["events"], c.Log.Events},
		{"duplicates", sums["duplicates"], c.Log.Duplicates},
		{"dead letters", sums["dead"], c.Log.Dead},
		{"skipped", sums["skipped"], 0},
	} {
		if equal.got != equal.want {
			s.v.violate("SQL", "%s: %d, not %d", equal.what, equal.got, equal.want)
		}
	}
	return nil
}

// rollups are answered by a projection if it is allowed, else by the rows.
const rollups = `SELECT kafka_partition AS p, toString(outcome) AS what, min(kafka_offset) AS a, max(kafka_offset) AS b,
max(kafka_offset + span) AS c, sum(span) AS d, count() AS e FROM records
WHERE kafka_topic = '` + eventsTopic + `' GROUP BY p, what ORDER BY p, what`

// checkProjections holds the rollups against the rows.
func (s *soak) checkProjections(ctx context.Context, _ *checked) error {
	var answers [2]string
	for i, setting := range []string{"1", "0"} {
		body, err := s.store.open(ctx, rollups+" FORMAT TSV SETTINGS optimize_use_projections = "+setting+", force_optimize_projection = "+setting)
		if err != nil {
			return err
		}
		text, err := readAll(body)
		if err != nil {
			return err
		}
		answers[i] = text
	}
	if answers[0] != answers[1] {
		s.v.violate("rollup", "the projection says\n%s, the rows\n%s", answers[0], answers[1])
	}
	return nil
}

// checkAudit runs `earshot audit`, which must agree.
func (s *soak) checkAudit(ctx context.Context, c *checked) error {
	cmd := exec.CommandContext(ctx, s.o.Earshot, "audit", "--json", "--kafka", s.kafka.addr(),
		"--clickhouse", "clickhouse://default@"+s.engine.tcp+"/earshot")
	cmd.Dir, cmd.Env = s.dir, environment()
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	var audit struct {
		OK     bool           `json:"ok"`
		Totals map[string]any `json:"totals"`
	}
	if jsonErr := json.Unmarshal(out, &audit); jsonErr != nil {
		return fmt.Errorf("earshot audit: %w: %.300s", errors.Join(jsonErr, err), out)
	}
	c.Audit = audit.Totals
	if exit != nil || !audit.OK {
		s.v.violate("audit", "%v: %.1000s", err, out)
	}
	for name, want := range map[string]int64{"offsets": c.Log.Offsets, "events": c.Log.Events, "duplicates": c.Log.Duplicates, "dead": c.Log.Dead} {
		if got, _ := audit.Totals[name].(float64); int64(got) != want {
			s.v.violate("audit", "%s: %v, the log has %d", name, audit.Totals[name], want)
		}
	}
	return nil
}

// growth says how a worker's memory or goroutines moved over a run: the
// medians of the second and the last quarter of the samples.
type growth struct {
	Worker     int   `json:"worker"`
	Samples    int   `json:"samples"`
	RSSBefore  int64 `json:"rss_second_quarter"`
	RSSAfter   int64 `json:"rss_last_quarter"`
	RSSMost    int64 `json:"rss_most"`
	GoBefore   int64 `json:"goroutines_second_quarter"`
	GoAfter    int64 `json:"goroutines_last_quarter"`
	Goroutines int64 `json:"goroutines_most"`
}

// Slack that is no growth: the collector's own rhythm, and requests that are
// under way.
const (
	rssSlack       = 48 << 20
	goroutineSlack = 20
	leastSamples   = 20
)

func grown(i int, samples []sample) growth {
	g := growth{Worker: i, Samples: len(samples)}
	if len(samples) < 4 {
		return g
	}
	second, last := samples[len(samples)/4:len(samples)/2], samples[len(samples)*3/4:]
	rss := func(s sample) int64 { return s.RSS }
	routines := func(s sample) int64 { return s.Goroutines }
	g.RSSBefore, g.RSSAfter = median(second, rss), median(last, rss)
	g.GoBefore, g.GoAfter = median(second, routines), median(last, routines)
	for _, s := range samples {
		g.RSSMost, g.Goroutines = max(g.RSSMost, s.RSS), max(g.Goroutines, s.Goroutines)
	}
	return g
}

// checkGrowth looks for leaks. The last worker is never killed, so that a leak
// adds up; the others show at least what one life does.
func (s *soak) checkGrowth() (all []growth) {
	for i, sampler := range s.samplers {
		g := grown(i, sampler.all())
		all = append(all, g)
		if g.Samples < leastSamples {
			continue
		}
		if g.RSSAfter > g.RSSBefore*5/4+rssSlack {
			s.v.violate("memory", "worker %d grew from %d to %d MiB", i, g.RSSBefore>>20, g.RSSAfter>>20)
		}
		if g.GoAfter > g.GoBefore*5/4+goroutineSlack {
			s.v.violate("goroutines", "worker %d grew from %d to %d goroutines", i, g.GoBefore, g.GoAfter)
		}
	}
	return all
}

func median(samples []sample, of func(sample) int64) int64 {
	values := make([]int64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// quantile of sorted values, by the nearest rank.
func quantile(sorted []float64, q float64) float64 {
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// recoveries are the recovery times of one kind of fault, in seconds.
type recoveries struct {
	Kind string  `json:"kind"`
	N    int     `json:"n"`
	P50  float64 `json:"p50"`
	P95  float64 `json:"p95"`
	Most float64 `json:"most"`
}

func summarise(faults []inflicted) []recoveries {
	byKind := map[string][]float64{}
	for _, f := range faults {
		if f.Recovery != nil {
			byKind[f.Kind] = append(byKind[f.Kind], *f.Recovery)
		}
	}
	var out []recoveries
	for kind, times := range byKind {
		slices.Sort(times)
		out = append(out, recoveries{kind, len(times), quantile(times, 0.5), quantile(times, 0.95), times[len(times)-1]})
	}
	sort.Slice(out, func(i, j int) bool { return strings.Compare(out[i].Kind, out[j].Kind) < 0 })
	return out
}
