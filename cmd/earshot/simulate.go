package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline/simulate"
)

func (p *program) simulateCommand() *cobra.Command {
	var o simulate.Options
	var from, truth, out string
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Write the feedback of a simulated restaurant chain as JSONL",
		Long: `Writes the feedback of a simulated restaurant chain, one event a line, in the order
in which it would arrive: ten channels, guests who come back, surveys, reviews and
service threads, with duplicates and late arrivals. Six facts are planted in it, such
as slow service at three locations on Friday and Saturday evenings; --truth writes
them, and counts of everything, to a file.

The same flags give the same bytes. Without --start the simulated time ends now, so
that the events change with the clock; give --start where they must not.`,
		Example: `  earshot simulate --events 60000 --truth truth.json > chain.jsonl
  earshot simulate --seed 7 --start 2026-01-01 --days 90 | earshot feed -`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.simulationStart(&o, from); err != nil {
				return err
			}
			chain, err := simulate.New(o)
			if err != nil {
				return usagef("%w (see `earshot simulate --help`)", err)
			}
			if err := p.writeEvents(chain, o.Events, out, cmd.OutOrStdout()); err != nil {
				return err
			}
			if truth == "" {
				return nil
			}
			return writeTruth(truth, chain)
		},
	}
	flags := cmd.Flags()
	flags.Uint64Var(&o.Seed, "seed", 1, "another seed is another chain")
	flags.IntVar(&o.Days, "days", simulate.DefaultDays, "days to simulate")
	flags.IntVar(&o.Locations, "locations", simulate.DefaultLocations, "restaurants of the chain")
	flags.IntVar(&o.Events, "events", simulate.DefaultEvents, "lines to write, duplicates included")
	flags.StringVar(&from, "start", "", "first day: 2026-07-03, RFC 3339 or 90d back from now (default: --days back from now)")
	flags.StringVar(&truth, "truth", "", "write what is planted, and counts, to this file")
	flags.StringVar(&out, "out", "", "write the events to this file instead of standard output")
	return cmd
}

// simulationStart sets o.Start and checks what New would take for its default.
func (p *program) simulationStart(o *simulate.Options, from string) error {
	if o.Days == 0 || o.Locations == 0 || o.Events == 0 {
		return usagef("--days, --locations and --events must be at least 1")
	}
	start, err := parseMoment("start", from, p.clock())
	if err != nil {
		return err
	}
	if start.IsZero() {
		start = p.clock().AddDate(0, 0, -o.Days)
	}
	o.Start = start
	return nil
}

func (p *program) writeEvents(chain *simulate.Chain, events int, path string, stdout io.Writer) (err error) {
	if path != "" {
		file, err := os.Create(path)
		if err != nil {
			return fmt.Errorf("--out: %w", err)
		}
		defer file.Close()
		if err := p.encodeEvents(chain, events, file); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
		return file.Close()
	}
	return p.encodeEvents(chain, events, stdout)
}

func (p *program) encodeEvents(chain *simulate.Chain, events int, w io.Writer) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(buffered)
	enc.SetEscapeHTML(false)
	_, show := terminal(p.stderr)
	began, n := time.Now(), 0
	for e := range chain.Events {
		if err := enc.Encode(e); err != nil {
			return err
		}
		if n++; show && (n%10_000 == 0 || n == events) {
			rate := float64(n) / time.Since(began).Seconds()
			fmt.Fprintf(p.stderr, "\r%d of %d events, %.0f/s ", n, events, rate)
		}
	}
	if show {
		fmt.Fprintln(p.stderr)
	}
	return buffered.Flush()
}

func writeTruth(path string, chain *simulate.Chain) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("--truth: %w", err)
	}
	defer file.Close()
	if err := printJSON(file, chain.Truth()); err != nil {
		return fmt.Errorf("--truth: %w", err)
	}
	return file.Close()
}
