package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

func (p *program) changeCommand() *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "change",
		Short: "Why a KPI changed between two periods",
		Long: `Takes the change of a KPI between two periods apart into parts that add up to it:
other locations, channels or segments that answered (mix), topics that are complained
of or praised more or less within them, or whose mentions weigh more or less
(severity), what none of these explains (rest), and noise: all parts that may be chance
together. Without --from and --to it compares the last 30 days with the 30 before.

A period is a month (2026-05), a day (2026-05-03), a span back from now (30d) or
FROM..UNTIL, UNTIL not included.`,
		Example: `  earshot insights change
  earshot insights change --from 2026-05 --to 2026-06 --kpi csat
  earshot insights change --from 60d..30d --to 30d --location store-012 --json`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	k := addKPIFlags(flags, string(insight.NPS), "nps, csat or net_sentiment")
	flags.StringVar(&from, "from", "", "the earlier period (default: as long as --to, right before it)")
	flags.StringVar(&to, "to", "30d", "the later period")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		shape, err := k.check()
		if err != nil {
			return err
		}
		before, after, err := periods(from, to, p.clock())
		if err != nil {
			return err
		}
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		names, err := complaintNames(cfg)
		if err != nil {
			return err
		}
		reader, err := p.reader(cmd)
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }() // it only reads
		change, err := reader.Change(cmd.Context(), k.filter, insight.KPI(k.kpi), before, after, names)
		switch {
		case errors.Is(err, insight.ErrFewAnswers):
			return fmt.Errorf("%w: %d answers to %s in %s, %d in %s, %d are needed in each; choose longer periods, or --kpi %s",
				err, change.From.Answers, change.KPI.Title(), periodWords(before.Since, before.Until), change.To.Answers,
				periodWords(after.Since, after.Until), insight.MinChangeAnswers, otherKPI(change.KPI))
		case err != nil:
			return readError(err)
		}
		return printChange(cmd.OutOrStdout(), shape, change, names)
	}
	return cmd
}

// periods reads --from and --to; they may not overlap.
func periods(from, to string, now time.Time) (before, after clickhouse.Span, err error) {
	if after, err = parsePeriod("to", to, now); err != nil {
		return before, after, err
	}
	if from == "" {
		return after.Before(), after, nil
	}
	if before, err = parsePeriod("from", from, now); err != nil {
		return before, after, err
	}
	if before.Until.After(after.Since) {
		return before, after, usagef("--from ends after --to begins: %s and %s",
			periodWords(before.Since, before.Until), periodWords(after.Since, after.Until))
	}
	return before, after, nil
}

// parsePeriod reads a month, a day, a span back from now or FROM..UNTIL.
func parsePeriod(flag, value string, now time.Time) (clickhouse.Span, error) {
	value = strings.TrimSpace(value)
	if month, err := time.Parse("2006-01", value); err == nil {
		return clickhouse.Span{Since: month, Until: month.AddDate(0, 1, 0)}, nil
	}
	if date, err := time.Parse(time.DateOnly, value); err == nil {
		return clickhouse.Span{Since: date, Until: date.AddDate(0, 0, 1)}, nil
	}
	first, last, _ := strings.Cut(value, "..")
	var s clickhouse.Span
	var err error
	if s.Since, err = parseMoment(flag, first, now); err != nil {
		return s, usagef("--%s %q: write a month (2026-05), a day, a span back from now (30d) or FROM..UNTIL", flag, value)
	}
	if s.Until, err = parseMoment(flag, last, now); err != nil {
		return s, err
	}
	if s.Until.IsZero() {
		s.Until = now.UTC()
	}
	if s.Since.IsZero() || !s.Since.Before(s.Until) {
		return s, usagef("--%s %q: the period needs a beginning, before its end", flag, value)
	}
	return s, nil
}

func printChange(w io.Writer, shape string, c *insight.KPIChange, names map[string]string) error {
	columns := partColumns(names)
	switch shape {
	case formatJSON:
		return printJSON(w, c)
	case formatCSV:
		return printListing(w, shape, columns, c.Parts)
	}
	if _, err := fmt.Fprintf(w, "%s\n%s, against %s\n%s and %s answers\n\n", printable(c.Sentence),
		periodWords(c.To.Since, c.To.Until), periodWords(c.From.Since, c.From.Until),
		thousands(uint64(c.To.Answers)), thousands(uint64(c.From.Answers))); err != nil {
		return err
	}
	return printTable(w, columns, c.Parts)
}

func partColumns(names map[string]string) []column[insight.ChangePart] {
	number := func(get func(insight.ChangePart) *float64, show string) func(insight.ChangePart) string {
		return func(p insight.ChangePart) string {
			if v := get(p); v != nil {
				return fmt.Sprintf(show, *v)
			}
			return ""
		}
	}
	type part = insight.ChangePart
	return []column[part]{
		{name: "part", flex: true, value: func(p part) string { return p.Title(names) }},
		{name: "points", right: true, value: func(p part) string { return points(p.Points) }},
		{name: "low", right: true, value: func(p part) string { return points(p.Low) }},
		{name: "high", right: true, value: func(p part) string { return points(p.High) }},
		{name: "more", right: true, value: number(func(p part) *float64 { return p.Complaints }, "%+.2f")},
		{name: "praise", right: true, value: number(func(p part) *float64 { return p.Praise }, "%+.2f")},
		{name: "severity", right: true, value: number(func(p part) *float64 { return p.Severity }, "%+.2f")},
		{name: "% from", right: true, value: number(func(p part) *float64 { return p.ShareFrom }, "%.1f")},
		{name: "to", right: true, value: number(func(p part) *float64 { return p.ShareTo }, "%.1f")},
	}
}
