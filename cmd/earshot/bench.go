package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// benchOptions are the flags of `bench pipeline`.
type benchOptions struct {
	events int
	seed   uint64
}

func (p *program) benchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure this machine",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(p.benchPipelineCommand(), p.benchIDsCommand(), p.benchPlainCommand(), p.benchTextsCommand())
	return cmd
}

func (p *program) benchPipelineCommand() *cobra.Command {
	o := benchOptions{}
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "pipeline",
		Short: "Measure the way from Kafka to ClickHouse",
		Long: `Starts the embedded broker and engine in a temporary directory, fills the events
topic with simulated feedback, then starts a worker and takes the time until every
event is a row. The worker is a process of its own, so that its memory is known. The
raw rates of the same run, reading the topic and inserting such rows, stand beside it,
and the rate of a worker that does the same without what makes delivery exact: fence,
position, check of ids, and the columns and projections that these and the audit need.

Everything runs on this machine and shares its processors. The directory is removed.
EARSHOT_WORKER_* variables tune the worker as usual; nothing else of a configuration
is used.`,
		Example: `  earshot bench pipeline
  earshot bench pipeline --events 1000000 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.events < 1000 {
				return usagef("--events %d: at least 1000, or there is nothing to measure", o.events)
			}
			result, err := p.benchPipeline(cmd.Context(), o)
			if err != nil {
				return err
			}
			if err := result.print(cmd.OutOrStdout(), asJSON); err != nil {
				return err
			}
			if !result.Audit.ok() {
				return result.Audit.failure()
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&o.events, "events", 300_000, "events to send through")
	cmd.Flags().Uint64Var(&o.seed, "seed", 1, "of the simulated feedback")
	cmd.Flags().BoolVar(&asJSON, "json", false, "the figures as JSON")
	return cmd
}

// benchResult is what `bench pipeline` prints. Rates are events a second.
type benchResult struct {
	Events        int         `json:"events"`
	Bytes         int64       `json:"bytes"` // of the messages' values
	CPUs          int         `json:"cpus"`
	KafkaRead     float64     `json:"kafka_read_per_second"`
	Insert        float64     `json:"clickhouse_insert_per_second"`
	Pipeline      float64     `json:"pipeline_per_second"`
	Plain         float64     `json:"plain_per_second"` // the pipeline without the delivery code
	PlainOthers   float64     `json:"plain_processors_others"`
	DeliveryCost  float64     `json:"delivery_cost"`      // 1 - pipeline / plain
	Seconds       float64     `json:"pipeline_seconds"`   // from the start of the worker's process to the last row
	FirstRow      float64     `json:"first_row_seconds"`  // until the first row was there
	PeakMemory    int64       `json:"worker_peak_bytes"`  // resident; 0: not known on this system
	ProcessorTime float64     `json:"worker_cpu_seconds"` // user and system
	Busy          float64     `json:"processors_busy"`    // share of all processors' time, meanwhile
	Others        float64     `json:"processors_others"`  // of which by programs that are no part of the benchmark
	Audit         auditTotals `json:"audit"`
}

func (r *benchResult) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, r)
	}
	rate := func(x float64) string { return thousands(uint64(x)) + " events/s" }
	memory := "unknown here"
	if r.PeakMemory > 0 {
		memory = fmt.Sprintf("%d MB", r.PeakMemory>>20)
	}
	verdict := "ok, every offset is there exactly once"
	if !r.Audit.ok() {
		verdict = "FAILED"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s events, %d MB, on %d processors (%s/%s)\n\n", thousands(uint64(r.Events)), r.Bytes>>20, r.CPUs, runtime.GOOS, runtime.GOARCH)
	for _, line := range [][2]string{
		{"raw Kafka read", rate(r.KafkaRead)},
		{"raw ClickHouse insert", rate(r.Insert)},
		{"pipeline, end to end", fmt.Sprintf("%s (%.1f s, first row after %.1f s)", rate(r.Pipeline), r.Seconds, r.FirstRow)},
		{"  without delivery code", fmt.Sprintf("%s (%.0f %% with other programs)", rate(r.Plain), 100*r.PlainOthers)},
		{"  exact delivery costs", fmt.Sprintf("%.1f %% of the rate", 100*r.DeliveryCost)},
		{"worker, peak memory", memory},
		{"worker, processor time", fmt.Sprintf("%.1f s, %.0f µs an event", r.ProcessorTime, 1e6*r.ProcessorTime/float64(r.Events))},
		{"processors meanwhile", fmt.Sprintf("%.0f %% busy, %.0f %% with other programs", 100*r.Busy, 100*r.Others)},
		{"audit", verdict},
	} {
		fmt.Fprintf(&b, "%-24s%s\n", line[0], line[1])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// perSecond is the rate of n in d.
func perSecond(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }
