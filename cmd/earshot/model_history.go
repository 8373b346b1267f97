package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline/registry"
	"earshot/sinks/clickhouse"
)

// historyLine is an entry of the log of models as it is listed.
type historyLine struct {
	registry.Entry
	InPlace bool `json:"in_place"`
}

func (p *program) modelHistoryCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List the versions of the model: what was put in place or refused, when, by whom and why",
		Long: `Lists the table models, oldest first. The line marked with * is in place: workers with
analysis.model auto score by it. A refused candidate has no version: what was learned
did no better on later events, and nothing was made of it.`,
		Example: `  earshot model history
  earshot model history --json`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	span, format := addTimeRange(flags, ""), addFormat(flags)
	flags.IntVar(&limit, "limit", 50, "newest lines at the most")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		if limit < 1 {
			return usagef("--limit %d: at least 1", limit)
		}
		return p.onStore(cmd, span, func(ctx context.Context, reader *clickhouse.Reader, f clickhouse.Filter) error {
			if span.until == "" {
				f.Until = time.Time{} // the server's clock may be ahead of this one
			}
			lines, err := modelHistory(ctx, reader, f, limit)
			if err != nil {
				return err
			}
			if len(lines) == 0 && as == formatTable {
				_, err := fmt.Fprintln(cmd.OutOrStdout(), "No model was put in place or refused: workers with analysis.model auto use the shipped one.")
				return err
			}
			return printListing(cmd.OutOrStdout(), as, historyColumns(), lines)
		})
	}
	return cmd
}

func modelHistory(ctx context.Context, reader *clickhouse.Reader, f clickhouse.Filter, limit int) ([]historyLine, error) {
	entries, err := reader.Models(ctx, limit)
	if err != nil {
		return nil, err
	}
	places, err := reader.ModelPlaces(ctx)
	if err != nil {
		return nil, err
	}
	last, _ := registry.LastChoice(places)
	lines := []historyLine{}
	for _, e := range entries {
		if !e.At.Before(f.Since) && (f.Until.IsZero() || e.At.Before(f.Until)) {
			lines = append(lines, historyLine{Entry: e, InPlace: e.Places() && e.At.Equal(last.At)})
		}
	}
	return lines, nil
}

func historyColumns() []column[historyLine] {
	share := func(a registry.Accuracy, judged int) string {
		if judged == 0 {
			return ""
		}
		return fmt.Sprintf("%.3f", a.Value)
	}
	return []column[historyLine]{
		{name: "at", value: func(l historyLine) string { return l.At.Format("2006-01-02 15:04:05") }},
		{name: "in place", value: func(l historyLine) string {
			if l.InPlace {
				return "*"
			}
			return ""
		}},
		{name: "decision", value: func(l historyLine) string { return string(l.Decision) }},
		{name: "version", value: func(l historyLine) string { return l.Version }},
		{name: "kind", value: func(l historyLine) string { return string(l.Kind) }},
		{name: "rows", right: true, value: func(l historyLine) string { return strconv.Itoa(l.Rows) }},
		{name: "judged", right: true, value: func(l historyLine) string { return strconv.Itoa(l.Judged) }},
		{name: "accuracy", right: true, value: func(l historyLine) string { return share(l.Candidate, l.Judged) }},
		{name: "before", right: true, value: func(l historyLine) string { return share(l.Current, l.Judged) }},
		{name: "by", value: func(l historyLine) string { return l.By }},
		{name: "reason", flex: true, value: func(l historyLine) string { return l.Reason }},
	}
}
