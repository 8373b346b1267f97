package clickhouse

import (
	"context"
	"slices"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline"
	"earshot/pipeline/review"
)

// ReviewCount is what people said of a topic's texts of one tagger and stratum.
type ReviewCount struct {
	Topic   string `ch:"topic"`
	Tagger  string `ch:"tagger"`
	Tagged  bool   `ch:"tagged"`
	Yes     uint64 `ch:"yes"`
	No      uint64 `ch:"no"`
	Skipped uint64 `ch:"skipped"`
}

// ReviewCounts counts the answers; an empty topic stands for all.
func (r *Reader) ReviewCounts(ctx context.Context, topic string) ([]ReviewCount, error) {
	return selectRows[ReviewCount](ctx, r, "review_answers", Filter{}, chgo.Named("topic_name", topic))
}

// TopicShare is the share of a selection's texts that speak of a topic, as tagged
// and as corrected by the answers of people.
type TopicShare struct {
	Topic       string `json:"topic"`
	Texts       uint64 `json:"texts"`        // scored ones of the selection
	TaggedTexts uint64 `json:"tagged_texts"` // those with the tag, or one below it

	TaggedReviewed   uint64 `json:"tagged_reviewed"` // answered with yes or no
	TaggedYes        uint64 `json:"tagged_yes"`
	UntaggedReviewed uint64 `json:"untagged_reviewed"`
	UntaggedYes      uint64 `json:"untagged_yes"`
	// OtherVersion: the answers are on texts that another taxonomy tagged than those
	// of the selection, or than some of them.
	OtherVersion bool `json:"other_version"`

	review.Estimate
}

// TopicShares corrects the share of each topic that people have reviewed; an empty
// topic stands for all of those. Answers on texts that the taggers of the selection
// tagged count; where there are none, all answers do.
func (r *Reader) TopicShares(ctx context.Context, f Filter, topic string) ([]TopicShare, error) {
	counts, err := r.ReviewCounts(ctx, topic)
	if err != nil || len(counts) == 0 {
		return []TopicShare{}, err
	}
	uses, err := r.ModelsUsed(ctx, f)
	if err != nil {
		return nil, err
	}
	taggers := map[string]bool{}
	for _, u := range uses {
		if u.Scored > 0 {
			taggers[pipeline.TaggerOf(u.Model)] = true
		}
	}
	var shares []TopicShare
	for len(counts) > 0 {
		n := slices.IndexFunc(counts, func(c ReviewCount) bool { return c.Topic != counts[0].Topic })
		if n < 0 {
			n = len(counts)
		}
		shares = append(shares, shareOf(counts[:n], taggers))
		counts = counts[n:]
	}
	if err := r.strata(ctx, f, shares); err != nil {
		return nil, err
	}
	for i := range shares {
		shares[i].estimate()
	}
	return shares, nil
}

// shareOf adds up the answers to one topic.
func shareOf(counts []ReviewCount, taggers map[string]bool) TopicShare {
	s := TopicShare{Topic: counts[0].Topic}
	fits := func(c ReviewCount) bool { return taggers[c.Tagger] }
	answered := map[string]bool{}
	for _, c := range counts {
		if fits(c) {
			answered[c.Tagger] = true
		}
	}
	s.OtherVersion = len(answered) < len(taggers)
	for _, c := range counts {
		switch {
		case len(answered) > 0 && !fits(c):
		case c.Tagged:
			s.TaggedReviewed, s.TaggedYes = s.TaggedReviewed+c.Yes+c.No, s.TaggedYes+c.Yes
		default:
			s.UntaggedReviewed, s.UntaggedYes = s.UntaggedReviewed+c.Yes+c.No, s.UntaggedYes+c.Yes
		}
	}
	return s
}

func (r *Reader) strata(ctx context.Context, f Filter, shares []TopicShare) error {
	names := make([]string, len(shares))
	for i, s := range shares {
		names[i] = s.Topic
	}
	type row struct {
		Texts  uint64   `ch:"texts"`
		Tagged []uint64 `ch:"tagged"`
	}
	sums, err := selectRow[row](ctx, r, "review_strata", f, chgo.Named("reviewed_topics", names))
	if err != nil {
		return err
	}
	for i := range shares {
		shares[i].Texts = sums.Texts
		if i < len(sums.Tagged) { // an empty selection sums nothing
			shares[i].TaggedTexts = sums.Tagged[i]
		}
	}
	return nil
}

func (s *TopicShare) estimate() {
	s.Estimate = review.Of(
		review.Stratum{Texts: s.TaggedTexts, Reviewed: s.TaggedReviewed, Yes: s.TaggedYes},
		review.Stratum{Texts: s.Texts - s.TaggedTexts, Reviewed: s.UntaggedReviewed, Yes: s.UntaggedYes})
}
