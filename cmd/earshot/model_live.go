package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

func (p *program) modelLiveCommand() *cobra.Command {
	var by []string
	cmd := &cobra.Command{
		Use:   "live",
		Short: "How right the stored scores are, by the ratings that came with the texts",
		Long: `Compares the stored sentiment of each text with the stars, CSAT or NPS that came with
it, which the scoring never sees: accuracy with its 95 % interval (Wilson), macro-F1,
the expected calibration error (15 bins) and, with --json, confusion and bins.
4-5 stars, CSAT 4-5 and NPS 9-10 count as positive, 1-2 and 0-6 as negative.`,
		Example: `  earshot model live --since 90d
  earshot model live --by channel,language --json`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	span, format := addTimeRange(flags, "90d"), addFormat(flags)
	flags.StringSliceVar(&by, "by", nil, "channel, language or both")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		channel, language, err := liveBy(by)
		if err != nil {
			return err
		}
		return p.onStore(cmd, span, func(ctx context.Context, reader *clickhouse.Reader, f clickhouse.Filter) error {
			cells, err := reader.Live(ctx, f)
			if err != nil {
				return err
			}
			return printListing(cmd.OutOrStdout(), as, liveColumns(channel, language), insight.Live(cells, channel, language))
		})
	}
	return cmd
}

func liveBy(by []string) (channel, language bool, err error) {
	for _, name := range by {
		switch name {
		case "channel":
			channel = true
		case "language":
			language = true
		default:
			return false, false, usagef("--by %s: choose channel, language or both", name)
		}
	}
	return channel, language, nil
}

func liveColumns(channel, language bool) []column[insight.LiveAccuracy] {
	var out []column[insight.LiveAccuracy]
	if channel {
		out = append(out, column[insight.LiveAccuracy]{name: "channel", flex: true, value: func(a insight.LiveAccuracy) string { return a.Channel }})
	}
	if language {
		out = append(out, column[insight.LiveAccuracy]{name: "language", value: func(a insight.LiveAccuracy) string { return a.Language }})
	}
	figure := func(name string, of func(insight.LiveAccuracy) float64) {
		out = append(out, column[insight.LiveAccuracy]{name: name, right: true, value: func(a insight.LiveAccuracy) string { return fmt.Sprintf("%.3f", of(a)) }})
	}
	out = append(out, column[insight.LiveAccuracy]{name: "rated", right: true, value: func(a insight.LiveAccuracy) string { return strconv.Itoa(a.Rated) }})
	figure("accuracy", func(a insight.LiveAccuracy) float64 { return a.Accuracy })
	figure("low", func(a insight.LiveAccuracy) float64 { return a.Low })
	figure("high", func(a insight.LiveAccuracy) float64 { return a.High })
	figure("macro F1", func(a insight.LiveAccuracy) float64 { return a.MacroF1 })
	figure("ECE", func(a insight.LiveAccuracy) float64 { return a.ECE })
	return out
}

// live adds to a report how right the scores of the period were.
func (r *report) live(ctx context.Context, reader *clickhouse.Reader, f clickhouse.Filter) error {
	cells, err := reader.Live(ctx, f)
	if err != nil {
		return err
	}
	r.Live = insight.Live(cells, true, false)
	if all := insight.Live(cells, false, false); len(r.Live) > 1 {
		r.Live = append(all, r.Live...)
	}
	return nil
}

func writeLive(b *strings.Builder, p paint, live []insight.LiveAccuracy) {
	if len(live) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s  by the ratings that came with them\n", p.bold("How right the scores are"))
	for _, a := range live[:min(len(live), reportRows+1)] {
		name := a.Channel
		if name == "" {
			name = "all"
		}
		fmt.Fprintf(b, "  %-22s %11.1f %%  %s\n", name, 100*a.Accuracy,
			p.faint(fmt.Sprintf("%.1f – %.1f %%, %s rated, ECE %.3f", 100*a.Low, 100*a.High, thousands(uint64(a.Rated)), a.ECE)))
	}
}
