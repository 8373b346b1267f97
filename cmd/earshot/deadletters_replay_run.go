package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// Letters are read and sent in groups of one partition.
const (
	replayRows  = 500
	replayBytes = 4 << 20
)

// storedLetters is where dead letters and their marks are.
type storedLetters interface {
	Positions(ctx context.Context, topic string) (map[int32]int64, error)
	DeadLetterKeys(ctx context.Context, f clickhouse.DeadLetterFilter) ([]clickhouse.DeadLetterKey, error)
	DeadLetterPayloads(ctx context.Context, tp pipeline.TopicPartition, offsets []int64) ([]clickhouse.DeadLetterPayload, error)
}

// eventLog is the events topic as it is read.
type eventLog interface {
	Partitions(ctx context.Context, topic string) ([]int32, error)
	Bounds(ctx context.Context, tp pipeline.TopicPartition) (first, end int64, err error)
	Fetch(ctx context.Context, tp pipeline.TopicPartition, offset int64) (pipeline.Chunk, error)
}

// replayer sends dead letters again.
type replayer struct {
	letters  storedLetters
	log      eventLog
	send     func(context.Context, []pipeline.OutMessage) error
	topic    string // of the events
	now      func() time.Time
	filter   clickhouse.DeadLetterFilter
	limit    int  // 0 is no limit
	again    bool // also what was replayed before
	passing  bool // only what would pass now
	pace     pacer
	progress *replayProgress
}

// run sends the selected letters and waits until the workers have stored them.
func (r *replayer) run(ctx context.Context, wait time.Duration) (*replaySummary, error) {
	s := newReplaySummary()
	chosen, err := r.choose(ctx, s)
	if err != nil {
		return s, err
	}
	r.progress.start(len(chosen))
	sent := make(map[pipeline.Position]uint64, len(chosen)) // replays of each before
	for _, group := range replayGroups(chosen) {
		if err := r.sendGroup(ctx, group, s, sent); err != nil {
			r.progress.finish()
			return s, err
		}
		r.progress.at(s.Sent)
	}
	r.progress.finish()
	return s, r.await(ctx, wait, s, sent)
}

// choose returns what is to be sent. A replay that no worker has read yet is
// known by its header in the log; the positions are asked for first, so that it
// is seen there or in the table.
func (r *replayer) choose(ctx context.Context, s *replaySummary) ([]clickhouse.DeadLetterKey, error) {
	positions, err := r.letters.Positions(ctx, r.topic)
	if err != nil {
		return nil, err
	}
	keys, err := r.letters.DeadLetterKeys(ctx, r.filter)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	underWay, err := r.underWay(ctx, positions)
	if err != nil {
		return nil, fmt.Errorf("look for replays under way: %w", err)
	}
	s.Selected = len(keys)
	chosen := keys[:0]
	for _, k := range keys {
		at := k.Position()
		switch {
		case underWay[at.Path()]:
			s.UnderWay++
		case k.Replays > 0 && !r.again:
			s.ReplayedBefore++
		case r.limit > 0 && len(chosen) == r.limit:
			s.OverLimit++
		default:
			chosen = append(chosen, k)
		}
	}
	return chosen, nil
}

// underWay reads what the workers have not read yet and returns the letters
// whose replay is among it.
func (r *replayer) underWay(ctx context.Context, positions map[int32]int64) (map[string]bool, error) {
	found := map[string]bool{}
	partitions, err := r.log.Partitions(ctx, r.topic)
	if err != nil {
		return nil, err
	}
	for _, number := range partitions {
		tp := pipeline.TopicPartition{Topic: r.topic, Partition: number}
		first, end, err := r.log.Bounds(ctx, tp)
		if err != nil {
			return nil, err
		}
		for next := max(first, positions[number]); next < end; {
			chunk, err := r.log.Fetch(ctx, tp, next)
			if err != nil {
				return nil, err
			}
			for _, m := range chunk.Messages {
				if letter := pipeline.ReplayOf(m.Headers); letter != "" {
					found[letter] = true
				}
				next = m.Offset + m.Span
			}
		}
	}
	return found, nil
}

// replayGroups splits keys, which are sorted, into runs of one partition that
// fit into memory.
func replayGroups(keys []clickhouse.DeadLetterKey) [][]clickhouse.DeadLetterKey {
	var groups [][]clickhouse.DeadLetterKey
	begin, bytes := 0, uint64(0)
	for i, k := range keys {
		first := keys[begin]
		if i > begin && (k.Topic != first.Topic || k.Partition != first.Partition || i-begin == replayRows || bytes+k.Bytes > replayBytes) {
			groups = append(groups, keys[begin:i])
			begin, bytes = i, 0
		}
		bytes += k.Bytes
	}
	if begin < len(keys) {
		groups = append(groups, keys[begin:])
	}
	return groups
}

// read fetches the letters of a group.
func (r *replayer) read(ctx context.Context, group []clickhouse.DeadLetterKey) ([]clickhouse.DeadLetterPayload, error) {
	offsets := make([]int64, len(group))
	for i, k := range group {
		offsets[i] = k.Offset
	}
	return r.letters.DeadLetterPayloads(ctx, group[0].Position().TopicPartition, offsets)
}

// sendGroup sends the letters of a group; one that the topic finds too long is
// left out and counted.
func (r *replayer) sendGroup(ctx context.Context, group []clickhouse.DeadLetterKey, s *replaySummary, sent map[pipeline.Position]uint64) error {
	letters, err := r.read(ctx, group)
	if err != nil {
		return err
	}
	before := make(map[int64]uint64, len(group))
	for _, k := range group {
		before[k.Offset] = k.Replays
	}
	var messages []pipeline.OutMessage
	var from []pipeline.Position
	for i := range letters {
		m := letters[i].Message()
		if _, reject := pipeline.Decode(m, r.now()); reject != nil && r.passing {
			s.LeftOut++
			continue
		}
		messages, from = append(messages, pipeline.Replay(m)), append(from, m.Position)
	}
	note := func(n int) {
		s.Sent += n
		for _, at := range from[:n] {
			sent[at] = before[at.Offset]
		}
	}
	for len(messages) > 0 {
		n := min(len(messages), r.pace.batch())
		if err := r.pace.wait(ctx, n); err != nil {
			return err
		}
		err := r.send(ctx, messages[:n])
		var tooLarge *pipeline.TooLargeError
		if errors.As(err, &tooLarge) {
			note(tooLarge.Index)
			s.TooLong++
			n = tooLarge.Index + 1
		} else if err != nil {
			return err
		} else {
			note(n)
		}
		messages, from = messages[n:], from[n:]
	}
	return nil
}

// replayPoll is how often the table is asked for what was sent.
const replayPoll = 300 * time.Millisecond

// await counts what became of the letters that were sent, until all are stored
// or the time is over.
func (r *replayer) await(ctx context.Context, wait time.Duration, s *replaySummary, sent map[pipeline.Position]uint64) error {
	if len(sent) == 0 {
		return nil
	}
	for deadline := time.Now().Add(wait); ; {
		asked := time.Now()
		keys, err := r.letters.DeadLetterKeys(ctx, r.filter)
		if err != nil {
			return err
		}
		s.outcomes(keys, sent)
		if s.NotStoredYet == 0 || time.Now().After(deadline) {
			return nil
		}
		pause := time.NewTimer(max(replayPoll, 2*time.Since(asked))) // a slow answer is not asked for at once again
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		}
	}
}
