package kafka

import (
	"errors"
	"fmt"
	"io"

	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/fetch"

	"earshot/pipeline"
)

// Why an offset holds no record for us.
const (
	skipControl   = "control"   // a transaction marker
	skipAborted   = "aborted"   // a record of an aborted transaction
	skipCompacted = "compacted" // removed from the log
)

// controlAbort is the type of the control record that ends an aborted transaction.
const controlAbort = 0

// run turns the batches of a fetch answer into messages without a hole.
type run struct {
	tp       pipeline.TopicPartition
	next     int64 // the first offset not accounted for
	messages []pipeline.Message
}

func newRun(tp pipeline.TopicPartition, offset int64) *run { return &run{tp: tp, next: offset} }

// read takes in a whole answer. It returns the base offset of the first batch,
// -1 if there was none. A batch may begin before the offset asked for.
func (r *run) read(answer *fetch.ResponsePartition) (base int64, err error) {
	base = -1
	stream, ok := answer.RecordSet.Records.(*protocol.RecordStream)
	if !ok {
		return base, nil
	}
	aborted := newAborted(answer.AbortedTransactions)
	for i, batch := range stream.Records {
		if first, ok := batch.(interface{ Offset() int64 }); ok && i == 0 {
			base = first.Offset()
		}
		switch b := batch.(type) {
		case *protocol.ControlBatch:
			err = r.control(b, aborted)
		case *protocol.RecordBatch:
			drop := b.Attributes.Transactional() && aborted.holds(b.ProducerID, b.BaseOffset)
			err = r.records(b, drop)
		default: // a message set of the formats before transactions
			err = r.records(b, false)
		}
		if err != nil {
			return base, err
		}
	}
	return base, nil
}

func (r *run) control(b *protocol.ControlBatch, aborted *aborted) error {
	for {
		marker, err := b.ReadControlRecord()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("control record: %w", err)
		}
		if marker.Type == controlAbort {
			aborted.end(b.ProducerID)
		}
		if marker.Offset >= r.next {
			r.skip(marker.Offset, skipCompacted)
			r.skip(marker.Offset+1, skipControl)
		}
	}
}

func (r *run) records(b protocol.RecordReader, drop bool) error {
	for {
		record, err := b.ReadRecord()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("record: %w", err)
		}
		if err := r.record(record, drop); err != nil {
			return fmt.Errorf("record at %d: %w", record.Offset, err)
		}
	}
}

// record takes one record in and gives its memory back to kafka-go's pool.
func (r *run) record(record *protocol.Record, drop bool) error {
	defer closeBytes(record.Key)
	defer closeBytes(record.Value)
	if record.Offset < r.next {
		return nil
	}
	r.skip(record.Offset, skipCompacted)
	if drop {
		r.skip(record.Offset+1, skipAborted)
		return nil
	}
	key, err := protocol.ReadAll(record.Key)
	if err != nil {
		return err
	}
	value, err := protocol.ReadAll(record.Value)
	if err != nil {
		return err
	}
	r.messages = append(r.messages, pipeline.Message{
		Position: pipeline.Position{TopicPartition: r.tp, Offset: record.Offset},
		Key:      key, Value: value, Headers: headersIn(record.Headers), Time: record.Time, Span: 1,
	})
	r.next = record.Offset + 1
	return nil
}

// skip accounts for the offsets before to. Runs with the same reason are joined.
func (r *run) skip(to int64, reason string) {
	if to <= r.next {
		return
	}
	span := to - r.next
	if n := len(r.messages); n > 0 && r.messages[n-1].SkipReason == reason {
		r.messages[n-1].Span += span
	} else {
		r.messages = append(r.messages, pipeline.Message{
			Position: pipeline.Position{TopicPartition: r.tp, Offset: r.next}, Span: span, SkipReason: reason,
		})
	}
	r.next = to
}

// aborted tracks which producers are inside an aborted transaction while the
// batches of an answer pass by (KIP-98).
type aborted struct {
	pending []fetch.ResponseTransaction
	open    map[int64]bool // by producer id
}

func newAborted(transactions []fetch.ResponseTransaction) *aborted {
	return &aborted{pending: transactions, open: map[int64]bool{}}
}

// holds says whether a transactional batch belongs to an aborted transaction.
func (a *aborted) holds(producer, base int64) bool {
	kept := a.pending[:0:0]
	for _, t := range a.pending {
		if t.ProducerID == producer && t.FirstOffset <= base {
			a.open[producer] = true
			continue
		}
		kept = append(kept, t)
	}
	a.pending = kept
	return a.open[producer]
}

func (a *aborted) end(producer int64) { delete(a.open, producer) }

func headersIn(headers []protocol.Header) []pipeline.Header {
	if len(headers) == 0 {
		return nil
	}
	out := make([]pipeline.Header, len(headers))
	for i, h := range headers {
		out[i] = pipeline.Header{Key: h.Key, Value: h.Value}
	}
	return out
}

func closeBytes(b protocol.Bytes) {
	if b != nil {
		_ = b.Close() // gives pooled memory back; it cannot fail
	}
}
