package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"earshot/pipeline"
	"earshot/pipeline/discovery"
	"earshot/sentiment/topic"
	"earshot/sentiment/topic/phrase"
	"earshot/sinks/clickhouse"
)

// noPack stands for no taxonomy at all.
const noPack = "none"

// suggestFlags are the flags of `earshot topics suggest`.
type suggestFlags struct {
	tools    analysisFlags
	span     *timeRange
	recent   string
	filter   clickhouse.Filter
	columns  []string
	minCount int
	limit    int
	most     int
	yaml     bool
	name     string
	format   *formatFlags
}

func (p *program) topicsSuggestCommand() *cobra.Command {
	var f suggestFlags
	cmd := &cobra.Command{
		Use:   "suggest [FILE…]",
		Short: "Find themes that customers speak of and no topic covers",
		Long: `Reads feedback, stored or from FILEs, for recurring noun and verb phrases outside of
every topic that the taxonomy finds, gathers them to themes and prints these with how
often they are said, how many of the texts are negative, and how their share grew from
the earlier part of the period to the recent one (--recent, by default its last
quarter). New themes come first: absent or rare before, and grown beyond chance (exact
Poisson test, false discovery rate 1 % over all themes). The others follow by how
telling their words are and how often they are said.

With --yaml it writes a taxonomy pack to review: a topic for each theme with its
phrases, and verbatims as examples, which it passes. --pack none ignores all topics.

FILEs are JSON lines, JSON, CSV or TSV, also .gz, with text and, if there, title,
language, source, turns, id and occurred_at (or ts); --map text=COLUMN names another
column. Only English texts are read. Each text is read once, in bounded memory: of more
than --max-texts stored ones a fair sample.`,
		Example: `  earshot topics suggest --since 90d
  earshot topics suggest --location store-012 --recent 7d --json
  earshot topics suggest reviews.csv.gz --map text=review_body --pack hotel
  earshot topics suggest --since 30d --yaml > my-packs/themes.yaml`,
	}
	f.add(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, files []string) error { return p.suggest(cmd, files, f) }
	return cmd
}

func (f *suggestFlags) add(flags *pflag.FlagSet) {
	f.tools.add(flags)
	flags.Lookup("pack").Usage = "taxonomy: " + strings.Join(topic.Names(), ", ") + ", one of --packs, or none (default from the configuration)"
	f.span = addTimeRange(flags, "")
	flags.Lookup("since").Usage += "; stored feedback: 90d if not given"
	flags.StringVar(&f.recent, "recent", "", "length of the recent part, up to the end of the period: 7d, 12h (default: a quarter of it)")
	flags.StringVar(&f.filter.Location, "location", "", "only this location")
	flags.StringVar(&f.filter.Source, "source", "", "only this channel")
	flags.StringVar(&f.filter.Product, "product", "", "only this product")
	flags.StringVar(&f.filter.Sentiment, "sentiment", "", "only positive, neutral or negative feedback")
	flags.StringArrayVar(&f.columns, "map", nil, "`FIELD=COLUMN`: text, title, id, occurred_at, language or source from another column of the files; repeat it")
	flags.IntVar(&f.minCount, "min-count", 5, "texts that a phrase needs, 3 at least")
	flags.IntVar(&f.limit, "limit", 30, "themes to show; 0 for all")
	flags.IntVar(&f.most, "max-texts", 1_000_000, "stored texts to read; of more a sample")
	flags.BoolVar(&f.yaml, "yaml", false, "write a taxonomy pack to review")
	flags.StringVar(&f.name, "name", "themes", "name of the pack that --yaml writes")
	f.format = addFormat(flags)
}

// check refuses flags that do not go together.
func (f *suggestFlags) check(cmd *cobra.Command, files []string) error {
	if f.minCount < 3 || f.limit < 0 || f.most < 1 {
		return usagef("--min-count is at least 3, --max-texts at least 1, --limit is not negative")
	}
	if f.yaml && (cmd.Flags().Changed("format") || cmd.Flags().Changed("json")) {
		return usagef("--yaml writes a pack; it excludes --format and --json")
	}
	if len(files) == 0 && len(f.columns) > 0 {
		return usagef("--map names columns of files; name the files, too")
	}
	for _, name := range []string{"location", "source", "product", "sentiment", "max-texts"} {
		if len(files) > 0 && cmd.Flags().Changed(name) {
			return usagef("--%s picks among stored feedback, not among rows of files", name)
		}
	}
	return nil
}

func (p *program) suggest(cmd *cobra.Command, files []string, f suggestFlags) error {
	as, err := f.format.value()
	if err != nil {
		return err
	}
	if err := f.check(cmd, files); err != nil {
		return err
	}
	source, err := p.textSource(cmd, files, &f)
	if err != nil {
		return err
	}
	defer source.close()
	miner, analyzer, err := p.themeMiner(cmd, f, source.recent)
	if err != nil {
		return err
	}
	if err := source.mine(analyzer, miner); err != nil {
		return err
	}
	found, err := themesOf(miner)
	if err != nil {
		return err
	}
	found.oneIn = source.oneIn
	p.tellOfReading(found, source)
	if f.limit > 0 && len(found.rows) > f.limit {
		found.rows = found.rows[:f.limit]
	}
	if f.yaml {
		return p.printDraft(cmd, f, found)
	}
	if as == formatTable && len(found.rows) == 0 {
		_, err := fmt.Fprintln(cmd.OutOrStdout(), "No theme stands out that the topics do not cover.")
		return err
	}
	return printListing(cmd.OutOrStdout(), as, themeColumns(found.hasPast()), found.rows)
}

// themeMiner is a miner by the flags; the recent part begins at recent.
func (p *program) themeMiner(cmd *cobra.Command, f suggestFlags, recent time.Time) (*discovery.Miner, pipeline.Analyzer, error) {
	bare := f.tools.pack == noPack
	if bare {
		f.tools.pack = "general" // its phrases sharpen the sentiment; its topics cover nothing
	}
	analyzer, _, err := p.analyzer(cmd, f.tools)
	if err != nil {
		return nil, nil, err
	}
	judge, err := newJudge()
	if err != nil {
		return nil, nil, err
	}
	opts := discovery.Options{Analyzer: analyzer, Judge: judge, Recent: recent, MinCount: f.minCount, Bare: bare}
	return discovery.New(opts), analyzer, nil
}

func newJudge() (*phrase.Judge, error) {
	finder, err := phrase.New()
	if err != nil {
		return nil, err
	}
	return phrase.NewJudge(finder, phrase.DefaultVerdicts), nil
}
