package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"earshot/pipeline/insight"
)

func (p *program) driversCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "drivers",
		Short: "Which topics move a KPI, all else being equal",
		Long: `Regresses a KPI on what is complained of and praised, within locations, channels and
segments (ridge, penalty by cross-validation). Effect: the points between answers that
mention a topic and equal ones that do not. Points: what all its mentions make of the
KPI (effect times share). Stability: in what share of 100 half samples the lasso keeps it;
from 0.9 on it is no chance finding. Intervals: 95 %.`,
		Example: `  earshot insights drivers
  earshot insights drivers --kpi csat --since 180d --format csv`,
		Args: cobra.NoArgs,
	}
	k := addKPISpanFlags(cmd.Flags(), string(insight.NPS), "nps, csat or net_sentiment", 20, "drivers to show; 0 for all")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		shape, err := k.check(p.clock())
		if err != nil {
			return err
		}
		reader, err := p.reader(cmd)
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }() // it only reads
		panel := new(insight.Panel)
		kpi := insight.KPI(k.kpi)
		if err := reader.Answers(cmd.Context(), k.filter, kpi, func(a insight.Answer) { panel.Add(false, a) }); err != nil {
			return readError(err)
		}
		model, err := insight.Drivers(panel, kpi)
		if err != nil {
			return fmt.Errorf("%w: %d answers to %s, %d are needed; choose a longer --since, or --kpi %s",
				err, model.Answers, kpi.Title(), insight.MinDriverAnswers, otherKPI(kpi))
		}
		if k.limit > 0 {
			model.Drivers = model.Drivers[:min(k.limit, len(model.Drivers))]
		}
		return printDrivers(cmd.OutOrStdout(), shape, model)
	}
	return cmd
}

// otherKPI is one to try where another has too few answers.
func otherKPI(kpi insight.KPI) insight.KPI {
	if kpi == insight.NetSentiment {
		return insight.CSAT
	}
	return insight.NetSentiment
}

func printDrivers(w io.Writer, shape string, m *insight.DriverModel) error {
	switch shape {
	case formatJSON:
		return printJSON(w, m)
	case formatCSV:
		return printListing(w, shape, driverColumns(), m.Drivers)
	}
	if _, err := fmt.Fprintf(w, "%s answers to %s; the topics explain %.0f %% of what differs within locations,\nchannels and segments.\n\n",
		thousands(uint64(m.Answers)), m.KPI.Title(), 100*m.Explained); err != nil {
		return err
	}
	if len(m.Drivers) == 0 {
		_, err := fmt.Fprintln(w, "No topic is mentioned in enough answers: choose a longer --since, or fewer filters.")
		return err
	}
	return printTable(w, driverColumns(), m.Drivers)
}

func driverColumns() []column[insight.Driver] {
	return []column[insight.Driver]{
		{name: "mention", value: func(d insight.Driver) string { return d.Mention }},
		{name: "topic", value: func(d insight.Driver) string { return d.Topic }},
		{name: "points", right: true, value: func(d insight.Driver) string { return points(d.Points) }},
		{name: "effect", right: true, value: func(d insight.Driver) string { return fmt.Sprintf("%+.1f", d.Effect) }},
		{name: "low", right: true, value: func(d insight.Driver) string { return fmt.Sprintf("%+.1f", d.Low) }},
		{name: "high", right: true, value: func(d insight.Driver) string { return fmt.Sprintf("%+.1f", d.High) }},
		{name: "share %", right: true, value: func(d insight.Driver) string { return fmt.Sprintf("%.1f", d.Share) }},
		{name: "stability", right: true, value: func(d insight.Driver) string { return fmt.Sprintf("%.2f", d.Stability) }},
	}
}
