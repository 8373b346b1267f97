package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"earshot/sentiment/topic"
)

func (p *program) topicsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "topics",
		Short: "List, check and measure the taxonomy",
		Long: `A pack (YAML) names topics, contexts, intents and tags and the phrases that show
them. Packs of your own go into a folder, --packs DIR or analysis.packs; they may
extend a built-in one.`,
	}
	cmd.AddCommand(p.topicsListCommand(), p.topicsShowCommand(), p.topicsLintCommand(), p.topicsTestCommand(), p.topicsTrainCommand())
	cmd.AddCommand(p.topicsDiffCommand(), p.topicsPreviewCommand(), p.topicsHistoryCommand(), p.topicsImportCommand(), p.topicsExportCommand(), p.topicsReviewCommand())
	cmd.AddCommand(p.topicsSuggestCommand())
	return cmd
}

// packFlags pick a taxonomy.
type packFlags struct{ pack, packs string }

func (f *packFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.pack, "pack", "", "taxonomy: "+strings.Join(topic.Names(), ", ")+", or one of --packs (default from the configuration)")
	flags.StringVar(&f.packs, "packs", "", "folder of further taxonomy files")
}

// resolve returns the pack's name and the folder of the user's own packs, nil
// if there is none.
func (p *program) resolve(cmd *cobra.Command, f packFlags) (name string, own fs.FS, err error) {
	cfg, err := p.config(cmd)
	if err != nil {
		return "", nil, err
	}
	name = cfg.Analysis.Pack
	if f.pack != "" {
		name = f.pack
	}
	folder := cfg.Analysis.Packs
	if f.packs != "" {
		folder = f.packs
	}
	if folder == "" {
		return name, nil, nil
	}
	if _, err := os.Stat(folder); err != nil {
		return "", nil, usagef("folder of packs: %w", err)
	}
	return name, topic.Folder{FS: os.DirFS(folder), Path: folder}, nil
}

func (p *program) tagger(cmd *cobra.Command, f packFlags) (*topic.Tagger, error) {
	name, own, err := p.resolve(cmd, f)
	if err != nil {
		return nil, err
	}
	tagger, err := topic.Load(name, own)
	if err != nil {
		return nil, usagef("%w", err)
	}
	return tagger, nil
}

func (p *program) topicsListCommand() *cobra.Command {
	var f packFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what a pack finds: topics, contexts, intents and tags",
		Example: `  earshot topics list
  earshot topics list --pack airline --format csv`,
		Args: cobra.NoArgs,
	}
	format := addFormat(cmd.Flags())
	f.add(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		tagger, err := p.tagger(cmd, f)
		if err != nil {
			return err
		}
		return printListing(cmd.OutOrStdout(), as, catalogueColumns(), tagger.Catalogue())
	}
	return cmd
}

func catalogueColumns() []column[topic.Entry] {
	return []column[topic.Entry]{
		{name: "kind", value: func(e topic.Entry) string { return e.Kind }},
		{name: "name", value: func(e topic.Entry) string { return e.Name }},
		{name: "pack", value: func(e topic.Entry) string { return e.Pack }},
		{name: "phrases", right: true, value: func(e topic.Entry) string { return strconv.Itoa(e.Phrases) }},
		{name: "examples", right: true, value: func(e topic.Entry) string { return strconv.Itoa(e.Examples) }},
		{name: "about", flex: true, value: func(e topic.Entry) string { return e.About }},
	}
}

func (p *program) topicsShowCommand() *cobra.Command {
	var f packFlags
	var version string
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Show the phrases and examples of one rule, those of extended packs included",
		Long: `Shows one topic, context or intent. With --version it is that of a taxonomy that was in
force once, see ` + "`earshot topics history`" + `; without NAME the whole of it is written as a pack.`,
		Example: `  earshot topics show service.speed
  earshot topics show --version restaurant@23fbb13b > then.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && version == "" {
				return usagef("name a topic, context or intent; `earshot topics list` lists them")
			}
			load := func() (*topic.Tagger, error) { return p.tagger(cmd, f) }
			if version != "" {
				load = func() (*topic.Tagger, error) { return p.recordedTaxonomy(cmd, version) }
			}
			tagger, err := load()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				write, err := taxonomyWriter(tagger, "yaml")
				if err != nil {
					return err
				}
				return write(cmd.OutOrStdout())
			}
			kind, rule, ok := tagger.Lookup(args[0])
			if !ok {
				return usagef("no topic, context or intent is called %q; `earshot topics list` lists them", args[0])
			}
			return printRule(cmd.OutOrStdout(), kind, args[0], rule)
		},
	}
	f.add(cmd.Flags())
	cmd.Flags().StringVar(&version, "version", "", "that of a version that was in force; its beginning is enough")
	return cmd
}

// printRule writes a rule in the form it has in a pack.
func printRule(w io.Writer, kind, name string, r topic.Rule) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n%s:\n", kind, name)
	if r.About != "" {
		fmt.Fprintf(&b, "  about: %s\n", r.About)
	}
	texts := func(phrases []topic.Phrase) (out []string) {
		for _, ph := range phrases {
			out = append(out, ph.Text)
		}
		return out
	}
	for _, part := range []struct {
		key   string
		lines []string
	}{
		{"phrases", texts(r.Phrases)}, {"negative", texts(r.Negative)}, {"positive", texts(r.Positive)}, {"not", texts(r.Not)},
		{"sources", r.Sources}, {"match", r.Match}, {"no_match", r.NoMatch},
	} {
		if len(part.lines) == 0 {
			continue
		}
		fmt.Fprintf(&b, "  %s:\n", part.key)
		for _, line := range part.lines {
			fmt.Fprintf(&b, "    - %s\n", line)
		}
	}
	for i, h := range r.Hours {
		if i == 0 {
			b.WriteString("  hours:\n")
		}
		days := slices.Clone(h.Days)
		if len(days) == 0 {
			days = []string{"every day"}
		}
		fmt.Fprintf(&b, "    - %s, %d to %d h\n", strings.Join(days, " "), h.From, h.To)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
