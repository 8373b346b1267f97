package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"earshot/pipeline/intake"
	"earshot/pipeline/kafka"
)

// feedFlags are the flags of `earshot feed`.
type feedFlags struct {
	mapping     intake.Options
	format      string
	rate        string
	dryRun      bool
	skipInvalid bool
	json        bool
}

func (p *program) feedCommand() *cobra.Command {
	var f feedFlags
	cmd := &cobra.Command{
		Use:   "feed FILE…",
		Short: "Send feedback from files to Kafka",
		Long: `Reads JSON lines, JSON arrays, CSV and TSV, each also compressed with gzip, and sends
every row as an event to the events topic. "-" reads standard input.

--map names the column of a field (--map text=review_body,customer.email=mail), with dots
for nested JSON (--map attributes.city=raw.city); --set gives all rows the same value.
Columns named like a field of the contract are taken for it, all others become
attributes (--drop-unmapped leaves them out). Empty cells and null are absent.

A row without an id gets one from its content and how often it stood in the file before:
feeding the same file again with the same flags adds nothing twice. Rows that break the
contract are sent as they are and become dead letters, so that nothing is lost;
--skip-invalid leaves them out. --dry-run shows the first events and all such rows.`,
		Example: `  earshot feed reviews.csv --map text=review_body,rating=stars,occurred_at=date,location=store --set source=review
  earshot feed survey.tsv.gz --map survey.nps=score --set source=survey --date-format %d.%m.%Y --timezone Europe/Berlin
  earshot feed --dry-run chats.jsonl
  earshot simulate --events 10000 | earshot feed - --rate 500/s`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("name the files to feed, or - for standard input (see `earshot feed --help`)")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.feed(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.mapping.Map, "map", nil, "`FIELD=COLUMN`,…: where the fields of the contract come from")
	flags.StringArrayVar(&f.mapping.Set, "set", nil, "`FIELD=VALUE`,…: the same for all rows")
	flags.StringVar(&f.mapping.DateFormat, "date-format", "", "`FORMAT` of dates, as %d.%m.%Y %H:%M or 02.01.2006 15:04 (default: ISO 8601 and epoch times)")
	flags.StringVar(&f.mapping.Timezone, "timezone", "", "`ZONE` of dates that say none, e.g. Europe/Berlin (default UTC)")
	flags.StringVar(&f.mapping.IDPrefix, "id-prefix", "", "`PREFIX` of ids, where several files count from 1")
	flags.BoolVar(&f.mapping.DropUnmapped, "drop-unmapped", false, "leave columns out that are no field of the contract")
	flags.StringVar(&f.format, "format", "", "`FORMAT` of the files: jsonl, json, csv or tsv (default: by name and content)")
	flags.StringVar(&f.rate, "rate", "", "send at most `N/s` rows")
	flags.BoolVar(&f.dryRun, "dry-run", false, "send nothing; show the first events and all invalid rows")
	flags.BoolVar(&f.skipInvalid, "skip-invalid", false, "leave rows out that break the contract")
	flags.BoolVar(&f.json, "json", false, "summary, and events and invalid rows of a dry run, as JSON lines")
	return cmd
}

func (p *program) feed(cmd *cobra.Command, files []string, f feedFlags) error {
	fd := &feeder{program: p, files: files, format: intake.Format(f.format), dryRun: f.dryRun,
		skipInvalid: f.skipInvalid, out: &feedOutput{w: cmd.OutOrStdout(), json: f.json, dryRun: f.dryRun}}
	if f.format != "" && !slices.Contains(intake.Formats, f.format) {
		return usagef("--format %q: choose %s", f.format, strings.Join(intake.Formats, ", "))
	}
	var err error
	if fd.rate, err = parseRate(f.rate); err != nil {
		return err
	}
	if fd.mapping, err = intake.NewMapping(f.mapping); err != nil {
		return usagef("%w", err)
	}
	if err := fd.check(); err != nil {
		return err
	}
	if f.dryRun {
		return fd.run(cmd.Context())
	}
	cfg, err := p.config(cmd)
	if err != nil {
		return err
	}
	if err := cfg.RequireKafka(); err != nil {
		return err
	}
	events := topicSpecs(cfg)[:1]
	if err := kafka.EnsureTopics(cmd.Context(), cfg.Kafka.Cluster(), events); err != nil {
		return err
	}
	producer := kafka.NewProducer(kafka.Options{Cluster: cfg.Kafka.Cluster(), Topic: cfg.Kafka.EventsTopic})
	fd.send = producer.Send
	fd.progress = newFeedProgress(p.stderr, fd.totalBytes())
	err = fd.run(cmd.Context())
	return errors.Join(err, producer.Close())
}

// parseRate reads "500/s" or "500"; 0 means no limit.
func parseRate(s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(strings.TrimSuffix(s, "/s"), 64)
	if err != nil || !(n > 0) || n > 1e9 {
		return 0, usagef("--rate %q: expected rows a second, such as 500/s", s)
	}
	return n, nil
}

// check opens every file and tries the mapping on its first rows before
// anything is sent. Standard input and pipes can be read only once: they are
// checked when their turn comes.
func (fd *feeder) check() error {
	for _, path := range fd.files {
		if info, err := os.Stat(path); path == "-" || err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			continue
		}
		file, err := fd.open(path)
		if err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

func (fd *feeder) totalBytes() int64 {
	var total int64
	for _, path := range fd.files {
		info, err := os.Stat(path)
		if path == "-" || err != nil || !info.Mode().IsRegular() {
			return 0
		}
		total += info.Size()
	}
	return total
}

// Limits of what is read ahead to check the mapping: one row where it has all
// columns, so that a pipe need not fill first.
const (
	firstRows     = 1000
	firstRowBytes = 4 << 20
)

// open opens a file and checks the mapping on its first rows.
func (fd *feeder) open(path string) (*intake.File, error) {
	file, err := intake.Open(path, fd.program.stdin, fd.format)
	if err != nil {
		return nil, usagef("%s: %w", displayName(path), err)
	}
	err = fd.mapping.Check(file.Columns(), file.Preview(1, firstRowBytes))
	if err != nil {
		err = fd.mapping.Check(file.Columns(), file.Preview(firstRows, firstRowBytes))
	}
	if err != nil {
		return nil, errors.Join(usagef("%s: %w", file.Name, err), file.Close())
	}
	return file, nil
}

func displayName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}
