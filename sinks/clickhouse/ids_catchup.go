package clickhouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline"
)

// idMarksQuery is answered by the projection positions.
const idMarksQuery = `SELECT kafka_topic, kafka_partition, outcome = 'event', max(kafka_offset + span), count() FROM records
GROUP BY kafka_topic, kafka_partition, outcome`

// idMarks returns where each partition of the table ends.
func idMarks(ctx context.Context, conn driver.Conn) (map[pipeline.TopicPartition]idMark, error) {
	rows, err := conn.Query(ctx, idMarksQuery)
	if err != nil {
		return nil, fmt.Errorf("positions: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	marks := map[pipeline.TopicPartition]idMark{}
	for rows.Next() {
		var tp pipeline.TopicPartition
		var event uint8
		var end int64
		var count uint64
		if err := rows.Scan(&tp.Topic, &tp.Partition, &event, &end, &count); err != nil {
			return nil, fmt.Errorf("positions: %w", err)
		}
		m := marks[tp]
		m.end, m.events = max(m.end, end), m.events+count*uint64(event)
		marks[tp] = m
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("positions: %w", err)
	}
	return marks, nil
}

// catchUp brings the filter up to what the table held when it was called; false
// means that the index cannot tell and the table has to be asked.
func (x *idIndex) catchUp(ctx context.Context) (known bool, err error) {
	called := x.now()
	select {
	case x.turn <- struct{}{}:
		defer func() { <-x.turn }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if known := x.loaded(); !known || x.lookedAfter(called) {
		return known, nil
	}
	looked := x.now()
	held, err := idMarks(ctx, x.conn)
	if err != nil {
		return false, err
	}
	news, doubt := x.compare(held)
	if doubt != "" {
		x.forget(doubt)
		return false, nil
	}
	for tp, from := range news {
		ok, err := x.readNews(ctx, tp, from, held[tp])
		if err != nil {
			return false, fmt.Errorf("ids of %s/%d: %w", tp.Topic, tp.Partition, err)
		}
		if !ok {
			x.forget("the table was changed")
			return false, nil
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.looked = looked
	return x.marks != nil, nil
}

func (x *idIndex) loaded() bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.marks != nil
}

// lookedAfter says whether another partition's look at the table, begun after t,
// has brought the filter up to date.
func (x *idIndex) lookedAfter(t time.Time) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.looked.After(t)
}

// compare holds the marks against the table. It moves them where nothing has to
// be read and returns those from which on rows have to be; doubt says why the
// marks cannot be trusted.
func (x *idIndex) compare(held map[pipeline.TopicPartition]idMark) (news map[pipeline.TopicPartition]idMark, doubt string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	topics := map[string]bool{}
	for tp, mark := range x.marks {
		topics[tp.Topic] = true
		if now, there := held[tp]; !there || now.end < mark.end || now.events < mark.events {
			return nil, fmt.Sprintf("%s/%d lost rows", tp.Topic, tp.Partition)
		}
	}
	news = map[pipeline.TopicPartition]idMark{}
	var rows uint64
	for tp, now := range held {
		mark := x.marks[tp]
		note := x.sent[tp]
		switch {
		case mark == now:
		case !topics[tp.Topic] && len(topics) > 0 && now.end != note.end:
			return nil, "there is a new topic " + tp.Topic
		case now.events == mark.events, note.first == mark.end && note.end == now.end && now.events == mark.events+note.events:
			x.marks[tp] = now
		default:
			news[tp] = mark
			rows += now.events - mark.events
		}
	}
	if rows > catchUpMost {
		return nil, fmt.Sprintf("%d new rows", rows)
	}
	return news, ""
}

const newsQuery = `SELECT id_hash FROM records WHERE outcome = 'event'
AND kafka_topic = ? AND kafka_partition = ? AND kafka_offset >= ? AND kafka_offset < ? AND ingested_at >= ?`

// readNews adds the ids of a partition's events between two marks. Their number
// is known, so that it is certain that all were there. The parts of the table
// know from when to when their rows were ingested, which keeps the others from
// being read.
func (x *idIndex) readNews(ctx context.Context, tp pipeline.TopicPartition, from, to idMark) (ok bool, err error) {
	x.mu.RLock()
	since := x.looked
	x.mu.RUnlock()
	for last := false; !last; {
		after := since.Add(-x.reach)
		if last = x.reach > 24*time.Hour; last {
			after = time.Unix(0, 0)
		}
		n, err := x.read(ctx, newsQuery, tp.Topic, tp.Partition, from.end, to.end, after.UTC())
		if err != nil {
			return false, err
		}
		if n == to.events-from.events {
			x.mu.Lock()
			defer x.mu.Unlock()
			if mark := x.marks[tp]; x.marks != nil && mark.end < to.end { // else its own process has gone on meanwhile
				x.marks[tp] = to
			}
			return true, nil
		}
		x.reach *= 8
	}
	return false, nil
}
