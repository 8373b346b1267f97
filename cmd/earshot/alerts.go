package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

func (p *program) alertsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "alerts",
		Short: "What stands out right now, who was told and who has taken it",
		Long: `An alert is raised when public complaints (reviews, social) burst within minutes, or
when complaints about a topic in a location or channel exceed what is usual at that
time of the week, over a day (spike) or a week (rising). A burst in the same cell is
one alert, whose count goes up. Alerts go to the Kafka topic feedback.alerts, and to a
webhook and by e-mail where these are configured (alerts.*).`,
	}
	cmd.AddCommand(p.alertsListCommand(), p.alertsShowCommand(), p.alertsAckCommand(), p.alertsWatchCommand(), p.alertsTestCommand())
	return cmd
}

func (p *program) alertsListCommand() *cobra.Command {
	var f clickhouse.AlertFilter
	var limit int
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List alerts, those that are not over first",
		Example: `  earshot alerts list
  earshot alerts list --state active --json
  earshot alerts list --kind crisis --since 7d`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	format := addFormat(flags)
	span := addTimeRange(flags, "30d")
	flags.StringVar(&f.State, "state", "", "only those in this state: open, acknowledged, resolved, or active for the first two")
	flags.StringVar(&f.Kind, "kind", "", "only this kind: crisis, spike, rising or theme")
	flags.IntVar(&limit, "limit", 50, "at most this many")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		if err := checkAlertFilter(f, limit); err != nil {
			return err
		}
		if f.Since, f.Until, err = span.bounds(p.clock()); err != nil {
			return err
		}
		if span.until == "" {
			f.Until = time.Time{} // the server's clock may go before ours
		}
		reader, err := p.reader(cmd)
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }() // it only reads
		alerts, err := reader.Alerts(cmd.Context(), f, limit)
		if err != nil {
			return readError(err)
		}
		return printAlerts(cmd.OutOrStdout(), as, alerts)
	}
	return cmd
}

func checkAlertFilter(f clickhouse.AlertFilter, limit int) error {
	if !slices.Contains([]string{"", "open", "acknowledged", "resolved", "active"}, f.State) {
		return usagef("--state %q: choose open, acknowledged, resolved or active", f.State)
	}
	if !slices.Contains([]string{"", "crisis", "spike", "rising", "theme"}, f.Kind) {
		return usagef("--kind %q: choose crisis, spike, rising or theme", f.Kind)
	}
	return checkLimit(limit)
}

func printAlerts(w io.Writer, format string, alerts []insight.Alert) error {
	if format == formatTable && len(alerts) == 0 {
		_, err := fmt.Fprintln(w, "No alerts.")
		return err
	}
	if format == formatCSV {
		return printListing(w, format, alertCSVColumns(), alerts)
	}
	if format == formatJSON {
		return printListing(w, format, nil, alerts)
	}
	return printAlertTable(w, alerts)
}

// printAlertTable writes two or more lines for each alert: its figures, then the
// whole sentence.
func printAlertTable(w io.Writer, alerts []insight.Alert) error {
	var table strings.Builder
	if err := printTable(&table, []column[insight.Alert]{
		{name: "id", value: func(a insight.Alert) string { return a.ID }},
		{name: "state", value: func(a insight.Alert) string { return string(a.State) }},
		{name: "kind", value: func(a insight.Alert) string { return string(a.Kind) }},
		{name: "raised at", value: func(a insight.Alert) string { return a.RaisedAt.UTC().Format(time.RFC3339) }},
		{name: "count", right: true, value: func(a insight.Alert) string { return strconv.Itoa(a.Count) }},
	}, alerts); err != nil {
		return err
	}
	const indent = "      "
	lines := strings.Split(strings.TrimSuffix(table.String(), "\n"), "\n")
	for i, a := range alerts {
		sentence := text.WrapSoft(printable(a.Sentence), outputWidth(w)-len(indent))
		lines[i+1] += "\n" + indent + strings.ReplaceAll(sentence, "\n", "\n"+indent)
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

func alertCSVColumns() []column[insight.Alert] {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	return []column[insight.Alert]{
		{name: "id", value: func(a insight.Alert) string { return a.ID }},
		{name: "kind", value: func(a insight.Alert) string { return string(a.Kind) }},
		{name: "state", value: func(a insight.Alert) string { return string(a.State) }},
		{name: "topic", value: func(a insight.Alert) string { return a.Topic }},
		{name: "location", value: func(a insight.Alert) string { return a.Location }},
		{name: "channel", value: func(a insight.Alert) string { return a.Channel }},
		{name: "since", value: func(a insight.Alert) string { return a.Since.UTC().Format(time.RFC3339) }},
		{name: "raised at", value: func(a insight.Alert) string { return a.RaisedAt.UTC().Format(time.RFC3339) }},
		{name: "last at", value: func(a insight.Alert) string { return a.LastAt.UTC().Format(time.RFC3339) }},
		{name: "count", value: func(a insight.Alert) string { return strconv.Itoa(a.Count) }},
		{name: "expected", value: func(a insight.Alert) string { return number(a.Expected) }},
		{name: "p", value: func(a insight.Alert) string { return number(a.P) }},
		{name: "q", value: func(a insight.Alert) string { return number(a.Q) }},
		{name: "ack by", value: func(a insight.Alert) string { return a.AckBy }},
		{name: "ack note", value: func(a insight.Alert) string { return a.AckNote }},
		{name: "sentence", value: func(a insight.Alert) string { return a.Sentence }},
	}
}

// findAlert is the alert whose id begins with prefix.
func findAlert(ctx context.Context, reader *clickhouse.Reader, prefix string) (insight.Alert, error) {
	found, err := reader.Alerts(ctx, clickhouse.AlertFilter{ID: prefix}, 2)
	switch {
	case err != nil:
		return insight.Alert{}, readError(err)
	case len(found) == 0 || prefix == "":
		return insight.Alert{}, fmt.Errorf("there is no alert %q; `earshot alerts list` shows the ids", prefix)
	case len(found) > 1:
		return insight.Alert{}, usagef("several alerts begin with %q: write more of the id", prefix)
	}
	return found[0], nil
}

func (p *program) alertsAckCommand() *cobra.Command {
	var by, note string
	cmd := &cobra.Command{
		Use:     "ack ID",
		Short:   "Take an alert, so that others see that somebody cares",
		Example: `  earshot alerts ack 3f9a --by kim --note "calling the location"`,
		Args:    cobra.ExactArgs(1),
	}
	cmd.Flags().StringVar(&by, "by", "", "who takes it (default: the user of this machine)")
	cmd.Flags().StringVar(&note, "note", "", "what is done about it")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		by, err := operator(by, note)
		if err != nil {
			return err
		}
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		log, err := openAlertLog(cfg)
		if err != nil {
			return err
		}
		defer func() { _ = log.Close() }() // what is stored is stored
		a, err := findAlert(cmd.Context(), &log.Reader, args[0])
		if err != nil {
			return err
		}
		switch {
		case a.State == insight.AlertResolved:
			return fmt.Errorf("the alert %s is over, nobody needs to take it; `earshot alerts list --state active` lists those that are not", a.ID)
		case a.State == insight.AlertAcknowledged && a.AckBy == by && (note == "" || note == a.AckNote):
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is acknowledged by %s already: %s\n", a.ID, printable(by), printable(a.Sentence))
			return err
		}
		if err := log.Acknowledge(cmd.Context(), a, by, note, p.clock().UTC()); err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s acknowledged by %s: %s\n", a.ID, printable(by), printable(a.Sentence))
		return err
	}
	return cmd
}
