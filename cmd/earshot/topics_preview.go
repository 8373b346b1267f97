package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/sentiment/topic"
	"earshot/sinks/clickhouse"
)

func (p *program) topicsPreviewCommand() *cobra.Command {
	var pack packFlags
	var f clickhouse.Filter
	var files []string
	var samples int
	var all bool
	cmd := &cobra.Command{
		Use:   "preview NEW…",
		Short: "What a changed taxonomy would move, before it is put in place",
		Long: `Tags the stored feedback of a period, or the JSON lines of --file, by the taxonomy in
force and by the changed one, and shows for each topic, context, intent and tag the texts
before and after, gained and lost, and the share of negative mentions, with verbatims.
Both read the same text anew: what older versions have stored is not looked at.

NEW are pack files or folders. They take the place of the packs of the same names. Where
the taxonomy in force is made of none of them, the pack of the last file would be in
force. The sentiment of a mention is that of the rules and its clause. Topics on which a
topics model decides (analysis.topics_model) are left out.`,
		Example: `  earshot topics preview coffee.yaml --since 90d
  earshot topics preview my-packs/ --location store-012 --json
  earshot topics preview coffee.yaml --file reviews.jsonl.gz`,
		Args: cobra.MinimumNArgs(1),
	}
	flags := cmd.Flags()
	span, format := addTimeRange(flags, "30d"), addFormat(flags)
	pack.add(flags)
	flags.StringVar(&f.Location, "location", "", "only this location")
	flags.StringVar(&f.Source, "source", "", "only this channel, such as review or chat")
	flags.StringArrayVar(&files, "file", nil, "read this `FILE` of JSON lines (.gz) in place of the stored feedback; repeat it")
	flags.IntVar(&samples, "verbatims", 3, "gained and lost texts to show of each topic, up to 100")
	flags.BoolVar(&all, "all", false, "also what does not change")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		if samples < 0 || samples > 100 {
			return usagef("--verbatims %d: choose 0 to 100", samples)
		}
		if err := checkSource(f.Source); err != nil {
			return err
		}
		if f.Since, f.Until, err = span.bounds(p.clock()); err != nil {
			return err
		}
		before, err := p.tagger(cmd, pack)
		if err != nil {
			return err
		}
		after, err := p.changedTaxonomy(cmd, pack, args)
		if err != nil {
			return err
		}
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		job := &previewJob{before: before, after: after, samples: samples}
		if job.skip, err = learnedTopics(cfg.Analysis.TopicsModel); err != nil {
			return err
		}
		if job.lines.places, err = readPlaces(cfg.Analysis); err != nil {
			return usagef("%w", err)
		}
		v, err := p.preview(cmd, job, f, files)
		if err != nil {
			return err
		}
		if !all {
			v.Effects = slices.DeleteFunc(v.Effects, func(e topic.Effect) bool { return !e.Moves() })
		}
		return printPreview(cmd.OutOrStdout(), as, v)
	}
	return cmd
}

// learnedTopics are those on which a topics model decides; nil without one.
func learnedTopics(path string) (func(string) bool, error) {
	m, err := readTopicsModel(path)
	if err != nil || m == nil {
		return nil, err
	}
	return func(name string) bool { return slices.Contains(m.Topics, name) }, nil
}

// previewResult is what a preview says.
type previewResult struct {
	Before  string         `json:"before"` // version
	After   string         `json:"after"`
	Texts   int            `json:"texts"`
	Changed int            `json:"changed"` // texts with any difference
	Refused int            `json:"refused"` // lines of files that are no JSON objects
	Seconds float64        `json:"seconds"`
	Stored  []storedUnder  `json:"stored_under"` // versions that tagged the stored texts
	Effects []topic.Effect `json:"effects"`
}

type storedUnder struct {
	Version string `json:"version"`
	Events  uint64 `json:"events"`
}

// preview reads the texts of files, or of the store where none are named.
func (p *program) preview(cmd *cobra.Command, job *previewJob, f clickhouse.Filter, files []string) (*previewResult, error) {
	began := time.Now()
	v := &previewResult{Before: job.before.Version(), After: job.after.Version(), Stored: []storedUnder{}}
	var sum *topic.Comparison
	var err error
	if len(files) > 0 {
		sum, v.Refused, err = p.previewFiles(cmd, job, files)
	} else {
		sum, err = p.previewStore(cmd, job, f, v)
	}
	if err != nil {
		return nil, err
	}
	v.Texts, v.Changed, v.Effects = sum.Texts, sum.Changed, sum.Effects()
	v.Seconds = time.Since(began).Seconds()
	return v, nil
}

func (p *program) previewStore(cmd *cobra.Command, job *previewJob, f clickhouse.Filter, v *previewResult) (*topic.Comparison, error) {
	reader, err := p.reader(cmd)
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }() // it only reads
	uses, err := reader.ModelsUsed(cmd.Context(), f)
	if err != nil {
		return nil, readError(err)
	}
	total := v.storedUnder(uses)
	sum, err := job.run(cmd.Context(), newPreviewProgress(p.stderr, total), func(ctx context.Context, add func(previewItem) error) error {
		return reader.Texts(ctx, f, func(t clickhouse.StoredText) error { return add(previewItem{stored: &t}) })
	})
	return sum, readError(err)
}

// storedUnder notes which taxonomies tagged the stored events, and counts them.
func (v *previewResult) storedUnder(uses []clickhouse.ModelUse) (total uint64) {
	for _, u := range uses {
		total += u.Events
		version := pipeline.TaxonomyOf(u.Model)
		if version == "" {
			version = "unknown"
		}
		i := slices.IndexFunc(v.Stored, func(s storedUnder) bool { return s.Version == version })
		if i < 0 {
			v.Stored = append(v.Stored, storedUnder{Version: version})
			i = len(v.Stored) - 1
		}
		v.Stored[i].Events += u.Events
	}
	return total
}

// otherVersions says in words that stored tags are not those of the taxonomy in force.
func (v *previewResult) otherVersions() string {
	words := ""
	for _, s := range v.Stored {
		if s.Version != v.Before {
			words += fmt.Sprintf(", %s by %s", thousands(s.Events), s.Version)
		}
	}
	if words == "" {
		return ""
	}
	return "stored with the tags of other versions" + words + "; compared is the same text by both\n"
}
