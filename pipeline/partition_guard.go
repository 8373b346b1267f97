package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// PositionError means that the log does not go on where the table ends. Going on
// would lose or double events, so the worker stops.
type PositionError struct {
	TopicPartition
	Next       int64 // the table's position
	First, End int64 // the log's bounds

	// When the record before Next came to Kafka, by the table and by the log; zero
	// if the bounds alone are wrong.
	Stored, Found time.Time
}

func (e *PositionError) Error() string {
	const wayOut = "`earshot position show` compares the two, `earshot position reset` goes on with the new log"
	switch {
	case !e.Found.IsZero():
		return fmt.Sprintf("offset %d of %s/%d is of %s in the log, but of %s in the table: the topic was made anew; %s",
			e.Next-1, e.Topic, e.Partition, rfc3339(e.Found), rfc3339(e.Stored), wayOut)
	case e.Next < e.First:
		return fmt.Sprintf("the log of %s/%d begins at %d, but the table goes only up to %d: retention removed %d offsets unread; "+
			"start the worker with --accept-loss to record them as lost and go on (`earshot position show` tells more)",
			e.Topic, e.Partition, e.First, e.Next-1, e.First-e.Next)
	}
	return fmt.Sprintf("the log of %s/%d ends at %d, but the table goes up to %d: the topic was made anew or truncated; %s",
		e.Topic, e.Partition, e.End, e.Next-1, wayOut)
}

func rfc3339(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// compare holds the last record of the table against the log: a topic that was
// made anew and has grown past the position has another record there. It does
// so at the first start and after each trouble with the log.
func (p *partition) compare(ctx context.Context, stand Standing, first int64) error {
	if !p.unsure || !stand.Found || !tellsApart(stand.Last) || stand.Next <= first {
		p.unsure = false
		return nil
	}
	var at time.Time
	err := p.retry(ctx, &p.source, StageFetch, func(ctx context.Context) error {
		chunk, err := p.Source.Fetch(ctx, p.tp, stand.Next-1)
		if errors.Is(err, ErrOffsetOutOfRange) { // retention has just removed it
			return nil
		}
		if err == nil && len(chunk.Messages) > 0 && chunk.Messages[0].SkipReason == "" {
			at = chunk.Messages[0].Time
		}
		return err
	})
	if err != nil {
		return err
	}
	if tellsApart(at) && at.UnixMilli() != stand.Last.UnixMilli() {
		return &PositionError{TopicPartition: p.tp, Next: stand.Next, First: first, End: p.end, Stored: stand.Last, Found: at}
	}
	p.unsure = false
	return nil
}

// tellsApart is false for a missing time, and for one of a broken clock, which
// a table may not hold as it is.
func tellsApart(t time.Time) bool {
	return !t.IsZero() && t.Unix() > 0 && t.Year() < 2200
}
