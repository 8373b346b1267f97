package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// alertStory is an alert with all that became of it.
type alertStory struct {
	insight.Alert
	Changes    []clickhouse.AlertChange   `json:"changes"`
	Deliveries []clickhouse.AlertDelivery `json:"deliveries"`
	Waiting    *waiting                   `json:"waiting,omitempty"` // nil: quiet hours hold nothing back
}

func (p *program) alertsShowCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Print one alert: its figures, what became of it, who was told",
		Long:    "Prints one alert. The beginning of its id is enough, if no other begins so.",
		Example: `  earshot alerts show 3f9a`,
		Args:    cobra.ExactArgs(1),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		reader, err := openReader(cfg, cfg.Serve.QueryTimeout)
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }() // it only reads
		var story alertStory
		if story.Alert, err = findAlert(cmd.Context(), reader, args[0]); err != nil {
			return err
		}
		if story.Changes, story.Deliveries, err = reader.AlertHistory(cmd.Context(), story.ID); err != nil {
			return readError(err)
		}
		story.Waiting = waitingFor(cfg.Alerts, story, p.clock())
		if asJSON {
			return printJSON(cmd.OutOrStdout(), story)
		}
		return printAlert(cmd.OutOrStdout(), story)
	}
	return cmd
}

func printAlert(w io.Writer, a alertStory) error {
	moment := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	fmt.Fprintf(w, "%s\n\n", printable(a.Sentence))
	fmt.Fprintf(w, "alert     %s, %s, %s\n", a.ID, a.Kind, a.State)
	for _, line := range [][2]string{{"topic", a.Topic}, {"location", a.Location}, {"channel", a.Channel}} {
		if line[1] != "" {
			fmt.Fprintf(w, "%-9s %s\n", line[0], printable(line[1]))
		}
	}
	fmt.Fprintf(w, "events    %d from %s to %s\n", a.Count, moment(a.Since), moment(a.LastAt))
	fmt.Fprintf(w, "usual     %.3g in the time tested: p = %.2g, q = %.2g\n", a.Expected, a.P, a.Q)
	fmt.Fprintf(w, "noticed   %s, %s after the first event\n", moment(a.RaisedAt), spanText(a.RaisedAt.Sub(a.Since)))
	if a.AckBy != "" {
		fmt.Fprintf(w, "taken by  %s at %s %s\n", printable(a.AckBy), moment(*a.AckAt), printable(a.AckNote))
	}
	fmt.Fprintln(w)
	for _, c := range a.Changes {
		fmt.Fprintf(w, "%s  %-12s  %d events  %s\n", moment(c.At), c.Change, c.Count, printable(c.By))
	}
	for _, d := range a.Deliveries {
		fmt.Fprintf(w, "%s  %s to %s  %s\n", moment(d.At), d.Outcome, d.Target, printable(d.Detail))
	}
	if a.Waiting != nil {
		fmt.Fprintf(w, "waiting   %s\n", a.Waiting)
	}
	return nil
}
