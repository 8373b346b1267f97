package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"earshot/pipeline/review"
	"earshot/sinks/clickhouse"
)

// reviewReport prints what the answers say of each topic.
func reviewReport(ctx context.Context, w io.Writer, reader *clickhouse.Reader, f *reviewFlags, format string) error {
	shares, err := reader.TopicShares(ctx, f.filter, f.topic)
	if err != nil {
		return readError(err)
	}
	if len(shares) == 0 && format == formatTable {
		_, err := fmt.Fprintln(w, "Nobody has reviewed a topic yet: `earshot topics review --topic service.speed` starts.")
		return err
	}
	if err := printListing(w, format, topicShareColumns(), shares); err != nil || format != formatTable {
		return err
	}
	if slices.ContainsFunc(shares, func(s clickhouse.TopicShare) bool { return s.OtherVersion }) {
		_, err = fmt.Fprintln(w, "* some answers are on texts that another version tagged")
	}
	return err
}

func topicShareColumns() []column[clickhouse.TopicShare] {
	interval := func(name string, of func(clickhouse.TopicShare) *review.Share) column[clickhouse.TopicShare] {
		return column[clickhouse.TopicShare]{name: name, right: true, value: func(s clickhouse.TopicShare) string { return shareText(of(s)) }}
	}
	ratio := func(name string, of func(clickhouse.TopicShare) (uint64, uint64)) column[clickhouse.TopicShare] {
		return column[clickhouse.TopicShare]{name: name, right: true, value: func(s clickhouse.TopicShare) string {
			yes, all := of(s)
			return fmt.Sprintf("%d/%d", yes, all)
		}}
	}
	return []column[clickhouse.TopicShare]{
		{name: "topic", flex: true, value: func(s clickhouse.TopicShare) string {
			if s.OtherVersion {
				return s.Topic + " *"
			}
			return s.Topic
		}},
		ratio("tagged", func(s clickhouse.TopicShare) (uint64, uint64) { return s.TaggedYes, s.TaggedReviewed }),
		ratio("untagged", func(s clickhouse.TopicShare) (uint64, uint64) { return s.UntaggedYes, s.UntaggedReviewed }),
		interval("precision %", func(s clickhouse.TopicShare) *review.Share { return s.Precision }),
		interval("recall %", func(s clickhouse.TopicShare) *review.Share { return s.Recall }),
		{name: "share", right: true, value: func(s clickhouse.TopicShare) string { return fmt.Sprintf("%.1f %%", 100*s.Tagged) }},
		interval("corrected %", func(s clickhouse.TopicShare) *review.Share { return s.Corrected }),
	}
}

// shareText is a share in percent with its interval: "12.3 (9.8-15.1)".
func shareText(s *review.Share) string {
	if s == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f (%.1f-%.1f)", 100*s.Value, 100*s.Low, 100*s.High)
}

// writeShares adds to a report what share of the texts speaks of the topics that
// people have reviewed.
func writeShares(b *strings.Builder, p paint, shares []clickhouse.TopicShare) {
	if len(shares) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", p.bold(fmt.Sprintf("%-30s %9s %20s", "Topics, by reviews", "tagged", "corrected")))
	for _, s := range shares {
		note := "precision " + shareText(s.Precision) + " %"
		if s.Corrected == nil {
			note = fmt.Sprintf("too few reviews: %d tagged, %d untagged", s.TaggedReviewed, s.UntaggedReviewed)
		}
		if s.OtherVersion {
			note += ", of another version"
		}
		corrected := shareText(s.Corrected)
		if s.Corrected != nil {
			corrected += " %"
		}
		fmt.Fprintf(b, "  %s %7.1f %% %20s  %s\n", cell(s.Topic, 28), 100*s.Tagged, corrected, p.faint(note))
	}
}
