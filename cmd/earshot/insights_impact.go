package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"earshot/pipeline/insight"
)

func (p *program) impactCommand() *cobra.Command {
	var topic string
	cmd := &cobra.Command{
		Use:   "impact",
		Short: "What the complaints about each topic cost in NPS, CSAT and net sentiment",
		Long: `Says for each topic how many points a KPI would gain without the answers that
complain of it: the same as if those customers had answered like the others. The
interval (95 %) is that of the delete-a-group jackknife over customers. Topics that
are named together share their cost; what each does beside the others is what
"earshot insights drivers" tells. docs/insights.md has the formulas.`,
		Example: `  earshot insights impact
  earshot insights impact --kpi nps --location store-012 --json`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	k := addKPISpanFlags(flags, "", "only this KPI: nps, csat or net_sentiment", 10, "topics to show of each KPI; 0 for all")
	flags.StringVar(&topic, "topic", "", "only this topic; service stands for service.speed as well")
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
		if err := p.checkTopic(cmd, reader, topic); err != nil {
			return err
		}
		votes, err := reader.TopicVotes(cmd.Context(), k.filter)
		if err != nil {
			return readError(err)
		}
		impacts := firstOfEach(insight.PickImpacts(insight.Impacts(votes), insight.KPI(k.kpi), topic), k.limit)
		if shape == formatTable && len(impacts) == 0 {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "No topic has enough complaints with an answer: choose a longer --since, or fewer filters.")
			return err
		}
		return printListing(cmd.OutOrStdout(), shape, impactColumns(), impacts)
	}
	return cmd
}

// firstOfEach keeps the first impacts of each KPI; 0 keeps all.
func firstOfEach(impacts []insight.Impact, limit int) []insight.Impact {
	seen := map[insight.KPI]int{}
	return slices.DeleteFunc(impacts, func(i insight.Impact) bool {
		seen[i.KPI]++
		return limit > 0 && seen[i.KPI] > limit
	})
}

func impactColumns() []column[insight.Impact] {
	return []column[insight.Impact]{
		{name: "KPI", value: func(i insight.Impact) string { return string(i.KPI) }},
		{name: "topic", value: func(i insight.Impact) string { return i.Topic }},
		{name: "points", right: true, value: func(i insight.Impact) string { return points(i.Points) }},
		{name: "low", right: true, value: func(i insight.Impact) string { return points(i.Low) }},
		{name: "high", right: true, value: func(i insight.Impact) string { return points(i.High) }},
		{name: "complaints", right: true, value: func(i insight.Impact) string { return fmt.Sprint(i.Events) }},
		{name: "answers", right: true, value: func(i insight.Impact) string { return fmt.Sprint(i.Answers) }},
	}
}

// points are those of a KPI, signed.
func points(x float64) string { return fmt.Sprintf("%+.2f", x) }
