package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/insight"
	"earshot/sentiment/topic"
	"earshot/sinks/clickhouse"
)

func (p *program) insightsCommand() *cobra.Command {
	var f clickhouse.Filter
	var opts insight.Options
	var limit int
	cmd := &cobra.Command{
		Use:   "insights",
		Short: "Where and when customers complain more than traffic explains",
		Long: `Looks at every topic by location, channel, product, team, segment, weekday and hour
for complaints beyond what the number and channels of the comments explain, and says
each finding in one sentence: how many times the usual, how sure (95 % interval; q is
the false discovery rate over everything looked at), since when, and what the
complaints cost in NPS points. A busy location or another mix of channels is no
finding. Those that name a place, a product or a time come first, strongest first.`,
		Example: `  earshot insights
  earshot insights --why --verbatims 3
  earshot insights --since 90d --topic service.speed --json`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	span := addTimeRange(flags, "180d")
	format := addFormat(flags)
	flags.StringVar(&f.Topic, "topic", "", "only findings about this topic; service stands for service.speed as well")
	flags.Float64Var(&opts.MaxQ, "q", 0.05, "false discovery rate, 0..1")
	flags.IntVar(&opts.MinCount, "min-count", 10, "complaints that a finding needs")
	flags.IntVar(&limit, "limit", 50, "findings to show; 0 for all")
	evidence := addEvidence(flags)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		shape, err := format.value()
		if err != nil {
			return err
		}
		if opts.MaxQ <= 0 || opts.MaxQ >= 1 || opts.MinCount < 1 || limit < 0 {
			return usagef("--q lies between 0 and 1, --min-count is at least 1, --limit is not negative")
		}
		if err := evidence.check(shape); err != nil {
			return err
		}
		if f.Since, f.Until, err = span.bounds(p.clock()); err != nil {
			return err
		}
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		if opts.Names, err = complaintNames(cfg); err != nil {
			return err
		}
		reader, err := p.reader(cmd)
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }() // it only reads
		if err := p.checkTopic(cmd, reader, f.Topic); err != nil {
			return err
		}
		findings, table, err := p.mine(cmd, reader, f, opts)
		if err != nil {
			return err
		}
		if limit > 0 && len(findings) > limit {
			findings = findings[:limit]
		}
		if shape == formatCSV {
			return printListing(cmd.OutOrStdout(), shape, findingColumns(), findings)
		}
		proven, err := evidence.prove(cmd.Context(), reader, f, findings)
		if err != nil {
			return err
		}
		if shape == formatJSON {
			return printJSON(cmd.OutOrStdout(), proven)
		}
		return evidence.printFindings(cmd.OutOrStdout(), proven, table)
	}
	cmd.AddCommand(p.impactCommand(), p.driversCommand(), p.changeCommand())
	return cmd
}

// mine looks at all feedback of the period: traffic without complaints is what
// complaints are compared with. The topic only picks among the findings.
func (p *program) mine(cmd *cobra.Command, reader *clickhouse.Reader, f clickhouse.Filter, opts insight.Options) ([]insight.Finding, *insight.Table, error) {
	name := f.Topic
	f.Topic = ""
	table := new(insight.Table)
	if err := reader.Observations(cmd.Context(), f, table.Add); err != nil {
		return nil, nil, readError(err)
	}
	all, err := insight.Mine(cmd.Context(), table, opts)
	if err != nil {
		return nil, nil, err
	}
	findings := []insight.Finding{}
	for _, found := range all {
		if name == "" || topic.Covers(name, found.Topic) {
			findings = append(findings, found)
		}
	}
	return findings, table, nil
}

func (e *evidenceFlags) printFindings(w io.Writer, findings []provenFinding, seen *insight.Table) error {
	if len(findings) == 0 {
		_, err := fmt.Fprintln(w, nothingFound(seen))
		return err
	}
	if _, err := fmt.Fprintf(w, "%d pieces of feedback; what stands out, strongest first:\n\n", seen.Len()); err != nil {
		return err
	}
	for i := range findings {
		if _, err := fmt.Fprintf(w, "  %s\n", printable(findings[i].Sentence)); err != nil {
			return err
		}
		if err := e.printBelow(w, &findings[i]); err != nil {
			return err
		}
	}
	return nil
}

// nothingFound says what was looked at in vain, and where to look instead.
func nothingFound(seen *insight.Table) string {
	if seen.Len() == 0 {
		return "0 pieces of feedback; there is none yet: `earshot feed` brings some in, --since looks further back."
	}
	said := fmt.Sprintf("%d pieces of feedback within %d days; nothing stands out beyond traffic, chance and the usual differences between places, products and hours.\n",
		seen.Len(), seen.Days())
	if seen.Days() <= insight.MinBefore {
		said += fmt.Sprintf("A rise is told from its day on when %d days lie before it.\n", insight.MinBefore)
	}
	return said + "All the same: `earshot report` lists the worst places and hours, `earshot insights impact` what complaints cost."
}

func findingColumns() []column[insight.Finding] {
	text := func(get func(insight.Finding) *string) func(insight.Finding) string {
		return func(f insight.Finding) string {
			if v := get(f); v != nil {
				return *v
			}
			return ""
		}
	}
	number := func(get func(insight.Finding) float64) func(insight.Finding) string {
		return func(f insight.Finding) string { return fmt.Sprintf("%.4g", get(f)) }
	}
	return []column[insight.Finding]{
		{name: "topic", value: func(f insight.Finding) string { return f.Topic }},
		{name: "location", value: text(func(f insight.Finding) *string { return f.Location })},
		{name: "channel", value: text(func(f insight.Finding) *string { return f.Channel })},
		{name: "product", value: text(func(f insight.Finding) *string { return f.Product })},
		{name: "team", value: text(func(f insight.Finding) *string { return f.Team })},
		{name: "segment", value: text(func(f insight.Finding) *string { return f.Segment })},
		{name: "lift", value: number(func(f insight.Finding) float64 { return f.Lift })},
		{name: "lift low", value: number(func(f insight.Finding) float64 { return f.LiftLow })},
		{name: "lift high", value: number(func(f insight.Finding) float64 { return f.LiftHigh })},
		{name: "q", value: number(func(f insight.Finding) float64 { return f.Q })},
		{name: "since", value: func(f insight.Finding) string {
			if f.Since == nil {
				return ""
			}
			return f.Since.Format(time.DateOnly)
		}},
		{name: "count", value: func(f insight.Finding) string { return fmt.Sprint(f.Count) }},
		{name: "exposure", value: func(f insight.Finding) string { return fmt.Sprint(f.Exposure) }},
		{name: "sentence", value: func(f insight.Finding) string { return f.Sentence }},
	}
}

// complaintNames are those of the configured taxonomy.
func complaintNames(cfg config.Config) (map[string]string, error) {
	tagger, err := configuredTaxonomy(cfg)
	if err != nil {
		return nil, err
	}
	return tagger.ComplaintNames(), nil
}

func configuredTaxonomy(cfg config.Config) (*topic.Tagger, error) {
	var own fs.FS
	if cfg.Analysis.Packs != "" {
		own = topic.Folder{FS: os.DirFS(cfg.Analysis.Packs), Path: cfg.Analysis.Packs}
	}
	tagger, err := topic.Load(cfg.Analysis.Pack, own)
	if err != nil {
		return nil, usagef("%w", err)
	}
	return tagger, nil
}
