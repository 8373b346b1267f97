package main

import (
	"context"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"earshot/sentiment/topic"
	"earshot/sinks/clickhouse"
)

func (p *program) topicsHistoryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "history",
		Short: "Which taxonomies were in force, from when on, and how many events they tagged",
		Long: `Lists the taxonomies that workers put in force, the last first. A worker records the
one it starts with if it is another than the last; the column model of each event names
the version that tagged it. ` + "`earshot topics show --version V`" + ` prints one.`,
		Example: `  earshot topics history
  earshot topics show --version restaurant@23fbb13b > then.yaml`,
		Args: cobra.NoArgs,
	}
	format := addFormat(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		reader, err := p.reader(cmd)
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }() // it only reads
		list, err := reader.Taxonomies(cmd.Context())
		if err != nil {
			return readError(err)
		}
		return printListing(cmd.OutOrStdout(), as, taxonomyColumns(), list)
	}
	return cmd
}

func taxonomyColumns() []column[clickhouse.Taxonomy] {
	moment := func(t *time.Time) string {
		if t == nil {
			return "-"
		}
		return t.UTC().Format("2006-01-02 15:04")
	}
	return []column[clickhouse.Taxonomy]{
		{name: "version", value: func(t clickhouse.Taxonomy) string { return t.Version }},
		{name: "in force from", value: func(t clickhouse.Taxonomy) string { return moment(t.PutInForceAt) }},
		{name: "events", right: true, value: func(t clickhouse.Taxonomy) string { return thousands(t.Events) }},
		{name: "first event", value: func(t clickhouse.Taxonomy) string { return moment(t.First) }},
		{name: "last event", value: func(t clickhouse.Taxonomy) string { return moment(t.Last) }},
	}
}

// findTaxonomy returns the one recorded version that begins so.
func findTaxonomy(ctx context.Context, reader *clickhouse.Reader, version string) (clickhouse.TaxonomyText, error) {
	found, err := reader.TaxonomyTexts(ctx, version)
	if err != nil {
		return clickhouse.TaxonomyText{}, readError(err)
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return clickhouse.TaxonomyText{}, usagef("no version %q was recorded; `earshot topics history` lists them", version)
	}
	var names []string
	for _, t := range found {
		if t.Version == version {
			return t, nil
		}
		names = append(names, t.Version)
	}
	return clickhouse.TaxonomyText{}, usagef("version %q: several begin so: %s", version, strings.Join(names, ", "))
}

// recordTaxonomy records the taxonomy in force. Events name its version in any
// case, so that a worker goes on where the record cannot be written.
func (w *workerParts) recordTaxonomy(ctx context.Context, record func(version string, yaml []byte) (bool, error)) {
	var own fs.FS
	if w.cfg.Analysis.Packs != "" {
		own = topic.Folder{FS: os.DirFS(w.cfg.Analysis.Packs), Path: w.cfg.Analysis.Packs}
	}
	t, err := topic.Load(w.cfg.Analysis.Pack, own)
	if err != nil {
		return // the analyzer says so
	}
	yaml, err := t.Definition().YAML()
	recorded := false
	if err == nil {
		recorded, err = record(t.Version(), yaml)
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		w.log.Warn("the taxonomy in force could not be recorded: `earshot topics history` will not show it", "version", t.Version(), "error", err)
	case recorded:
		w.log.Info("taxonomy put in force", "version", t.Version())
	}
}
