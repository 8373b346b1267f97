package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// maxReviewSample bounds a sample: more than a person reads.
const maxReviewSample = 10_000

// reviewFlags say what to review, and how.
type reviewFlags struct {
	topic, by        string
	sample           int
	taggedShare      float64
	blind, report    bool
	exportTo, labels string
	filter           clickhouse.Filter
}

func (p *program) topicsReviewCommand() *cobra.Command {
	var f reviewFlags
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Judge a random sample by hand: precision, recall and corrected share of a topic",
		Long: `Draws a random sample of the stored texts, part of them with the topic's tag and part
without, and shows them one at a time with the mention highlighted: does the text speak
of the topic? Answer y(es), n(o), s(kip), b(ack) or q(uit). Each answer is stored at once;
the next call goes on where the sample ends. Without --topic it takes the most tagged
topic whose sample is not complete.

--report shows precision, recall and the share of texts that speak of the topic,
corrected for what the tagger gets wrong, each with a 95 % interval. ` + "`earshot report`" + `
shows corrected shares, too. --export writes the sample as CSV to be labelled elsewhere
(y, n or s in the column answer), --import stores the answers of such a file.`,
		Example: `  earshot topics review --topic service.speed --sample 100
  earshot topics review --report --since 90d
  earshot topics review --topic price --export sample.csv
  earshot topics review --import sample.csv --by kim`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	span, format := addTimeRange(flags, "90d"), addFormat(flags)
	flags.StringVar(&f.topic, "topic", "", "topic to review; service stands for service.speed as well")
	flags.IntVar(&f.sample, "sample", 50, "texts to answer for a topic, those answered before included")
	flags.Float64Var(&f.taggedShare, "tagged-share", 0.5, "share of the sample that carries the tag, 0 to 1")
	flags.BoolVar(&f.blind, "blind", false, "do not show what was tagged")
	flags.StringVar(&f.by, "by", "", "who answers (default: the user of this machine)")
	flags.StringVar(&f.filter.Location, "location", "", "only texts of this location")
	flags.StringVar(&f.filter.Source, "source", "", "only this channel, such as review or chat")
	flags.BoolVar(&f.report, "report", false, "show what the answers say")
	flags.StringVar(&f.exportTo, "export", "", "write the sample to this CSV `FILE`, do not ask")
	flags.StringVar(&f.labels, "import", "", "store the answers of this CSV `FILE`, do not ask")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		if err := f.check(); err != nil {
			return err
		}
		if f.filter.Since, f.filter.Until, err = span.bounds(p.clock()); err != nil {
			return err
		}
		return p.review(cmd, &f, as)
	}
	return cmd
}

func (f *reviewFlags) check() error {
	ways := 0
	for _, way := range []bool{f.report, f.exportTo != "", f.labels != ""} {
		if way {
			ways++
		}
	}
	switch {
	case ways > 1:
		return usagef("--report, --export and --import exclude each other")
	case f.sample < 2 || f.sample > maxReviewSample:
		return usagef("--sample %d: choose 2 to %d", f.sample, maxReviewSample)
	case !(f.taggedShare >= 0 && f.taggedShare <= 1):
		return usagef("--tagged-share %g: choose 0 to 1", f.taggedShare)
	}
	var err error
	if f.by, err = operator(f.by, ""); err != nil {
		return err
	}
	return checkSource(f.filter.Source)
}

func (p *program) review(cmd *cobra.Command, f *reviewFlags, format string) error {
	cfg, err := p.config(cmd)
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	if f.report {
		reader, err := openReader(cfg, cfg.Serve.QueryTimeout)
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }() // it only reads
		return reviewReport(ctx, cmd.OutOrStdout(), reader, f, format)
	}
	if err := cfg.RequireClickHouse(); err != nil {
		return err
	}
	log, err := clickhouse.OpenReviewLog(cfg.ClickHouse.Server(), cfg.Serve.QueryTimeout)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // nothing is buffered
	if f.labels != "" {
		return p.importReviews(ctx, log, f)
	}
	if f.topic == "" {
		if f.topic, err = nextTopic(ctx, log, f); err != nil {
			return readError(err)
		}
	}
	texts, answered, err := drawSample(ctx, log, f)
	if err != nil {
		return readError(err)
	}
	if len(texts) == 0 {
		return noSample(f, answered)
	}
	if f.exportTo != "" {
		return p.exportReviews(f, texts)
	}
	return p.ask(ctx, log, f, texts, answered)
}

// noSample says why there is nothing to answer.
func noSample(f *reviewFlags, answered int) error {
	if answered >= f.sample {
		return fmt.Errorf("the sample of %s is complete, %s: raise --sample, or see `earshot topics review --report`", f.topic, count(answered, "answer"))
	}
	return fmt.Errorf("no further texts to review %s in that period: try a longer --since, or `earshot topics review --report`", f.topic)
}

// nextTopic is the most tagged topic whose sample is not complete.
func nextTopic(ctx context.Context, log *clickhouse.ReviewLog, f *reviewFlags) (string, error) {
	counts, err := log.ReviewCounts(ctx, "")
	if err != nil {
		return "", err
	}
	topics, err := log.Topics(ctx, f.filter)
	if err != nil {
		return "", err
	}
	for _, t := range topics {
		if in, out := answeredOf(counts, t.Topic); in+out < f.sample {
			return t.Topic, nil
		}
	}
	if len(topics) > 0 {
		return "", fmt.Errorf("the samples of all topics are complete: raise --sample, or see `earshot topics review --report`")
	}
	return "", fmt.Errorf("no topics in that period: try a longer --since")
}

// answeredOf counts the texts of a topic that were answered with yes or no.
func answeredOf(counts []clickhouse.ReviewCount, topic string) (tagged, untagged int) {
	for _, c := range counts {
		switch {
		case c.Topic != topic:
		case c.Tagged:
			tagged += int(c.Yes + c.No)
		default:
			untagged += int(c.Yes + c.No)
		}
	}
	return tagged, untagged
}

// reviewItem is a text to answer.
type reviewItem struct {
	clickhouse.ReviewText
	tagged bool
}

func (t *reviewItem) answered(f *reviewFlags, answer string) clickhouse.TopicReview {
	return clickhouse.TopicReview{Topic: f.topic, EventID: t.EventID, Tagged: t.tagged, Tagger: pipeline.TaggerOf(t.Model), Answer: answer, Reviewer: f.by}
}

// drawSample draws what is missing of a sample: of each stratum its share. The
// order mixes both, so that it does not tell which is which.
func drawSample(ctx context.Context, log *clickhouse.ReviewLog, f *reviewFlags) (texts []reviewItem, answered int, err error) {
	counts, err := log.ReviewCounts(ctx, f.topic)
	if err != nil {
		return nil, 0, err
	}
	in, out := answeredOf(counts, f.topic)
	wanted := int(math.Round(f.taggedShare * float64(f.sample)))
	for _, stratum := range []struct {
		tagged bool
		n      int
	}{{true, wanted - in}, {false, f.sample - wanted - out}} {
		if stratum.n <= 0 {
			continue
		}
		drawn, err := log.ReviewSample(ctx, f.filter, f.topic, stratum.tagged, stratum.n)
		if err != nil {
			return nil, 0, err
		}
		for _, t := range drawn {
			texts = append(texts, reviewItem{t, stratum.tagged})
		}
	}
	// Ids say nothing of the stratum, and their digest nothing of their order.
	slices.SortFunc(texts, func(a, b reviewItem) int { return strings.Compare(shuffleKey(a.EventID), shuffleKey(b.EventID)) })
	return texts, in + out, nil
}
