package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/pipeline/review"
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
	flags.IntVar(&f.sample, "sample", review.DefaultSample, "texts to answer for a topic, those answered before included")
	flags.Float64Var(&f.taggedShare, "tagged-share", review.DefaultTaggedShare, "share of the sample that carries the tag, 0 to 1")
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
	if err := p.checkTopic(cmd, &log.Reader, f.topic); err != nil {
		return err
	}
	if f.topic == "" {
		if f.topic, err = nextTopic(ctx, log, f); err != nil {
			return readError(err)
		}
	}
	queue, err := log.ReviewQueue(ctx, f.filter, clickhouse.ReviewPlan{Topic: f.topic, Sample: f.sample, TaggedShare: f.taggedShare})
	if err != nil {
		return readError(err)
	}
	if len(queue.Texts) == 0 {
		return noSample(f, queue.Answered)
	}
	if f.exportTo != "" {
		return p.exportReviews(f, queue.Texts)
	}
	return p.ask(ctx, log, f, queue.Texts, queue.Answered)
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
	next, topics, err := log.NextReviewTopic(ctx, f.filter, f.sample)
	switch {
	case err != nil || next != "":
		return next, err
	case topics > 0:
		return "", fmt.Errorf("the samples of all topics are complete: raise --sample, or see `earshot topics review --report`")
	}
	return "", fmt.Errorf("no topics in that period: try a longer --since")
}

// answerTo is one answer to a text of the sample.
func (f *reviewFlags) answerTo(t *clickhouse.ReviewText, answer string) clickhouse.TopicReview {
	return clickhouse.TopicReview{Topic: f.topic, EventID: t.EventID, Tagged: t.Tagged, Tagger: pipeline.TaggerOf(t.Model), Answer: answer, Reviewer: f.by}
}
