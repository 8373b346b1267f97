package clickhouse

import (
	"context"
	"crypto/sha256"
	"math"
	"slices"
	"strings"
)

// ReviewPlan says how large a sample of a topic's texts shall be.
type ReviewPlan struct {
	Topic       string
	Sample      int     // texts to answer with yes or no, those answered before included
	TaggedShare float64 // 0..1, of the sample: texts that carry the tag
}

// ReviewQueue is what is left of a sample, the same for everybody who asks.
type ReviewQueue struct {
	Answered int          // with yes or no
	Texts    []ReviewText // in an order that does not tell which carry the tag
}

// ReviewQueue draws what is missing of a sample: of each stratum its share.
func (r *Reader) ReviewQueue(ctx context.Context, f Filter, plan ReviewPlan) (ReviewQueue, error) {
	counts, err := r.ReviewCounts(ctx, plan.Topic)
	if err != nil {
		return ReviewQueue{}, err
	}
	in, out := answeredOf(counts, plan.Topic)
	queue := ReviewQueue{Answered: in + out}
	wanted := int(math.Round(plan.TaggedShare * float64(plan.Sample)))
	for _, stratum := range []struct {
		tagged bool
		n      int
	}{{true, wanted - in}, {false, plan.Sample - wanted - out}} {
		if stratum.n <= 0 {
			continue
		}
		drawn, err := r.ReviewSample(ctx, f, plan.Topic, stratum.tagged, stratum.n)
		if err != nil {
			return ReviewQueue{}, err
		}
		queue.Texts = append(queue.Texts, drawn...)
	}
	slices.SortFunc(queue.Texts, func(a, b ReviewText) int { return strings.Compare(shuffleKey(a.EventID), shuffleKey(b.EventID)) })
	return queue, nil
}

// shuffleKey orders texts: ids say nothing of the stratum, and their digest nothing
// of their order.
func shuffleKey(id string) string {
	sum := sha256.Sum256([]byte(id))
	return string(sum[:])
}

// NextReviewTopic is the most tagged topic whose sample is not complete, "" if there
// is none; topics is how many there are in the selection.
func (r *Reader) NextReviewTopic(ctx context.Context, f Filter, sample int) (next string, topics int, err error) {
	counts, err := r.ReviewCounts(ctx, "")
	if err != nil {
		return "", 0, err
	}
	stats, err := r.Topics(ctx, f)
	if err != nil {
		return "", 0, err
	}
	for _, t := range stats {
		if in, out := answeredOf(counts, t.Topic); in+out < sample {
			return t.Topic, len(stats), nil
		}
	}
	return "", len(stats), nil
}

// answeredOf counts the texts of a topic that were answered with yes or no.
func answeredOf(counts []ReviewCount, topic string) (tagged, untagged int) {
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
