package clickhouse

import (
	"context"
	"fmt"
	"math"
	"math/bits"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
)

const (
	idSliceRows  = 1 << 22 // rows of a slice at the most, about: 64 MB for the server to sort
	idBucketRows = 1 << 14
	maxRepeated  = 1000 // ids that are named
)

// IDAudit says whether the events' ids are unique.
type IDAudit struct {
	Checked  uint64       `json:"checked"`  // events
	Repeated []RepeatedID `json:"repeated"` // by slices of their hashes
	// Incomplete means that there are more than those listed.
	Incomplete bool `json:"incomplete,omitempty"`
}

// RepeatedID is an id of several events, and where the first 20 are.
type RepeatedID struct {
	ID string     `json:"id"`
	At []IDOffset `json:"at"`
}

// IDOffset is where an event is.
type IDOffset struct {
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
	Offset    int64  `json:"offset"`
}

type idSums struct {
	Checked  uint64 `ch:"checked"`
	Repeated int64  `ch:"repeated"`
}

type repeatedRow struct {
	ID        string `ch:"id"`
	Topic     string `ch:"topic"`
	Partition int32  `ch:"partition"`
	Offset    int64  `ch:"offset"`
}

// AuditIDs compares the ids of all events, of which there are about so many.
// The server needs memory for a slice of them only.
func (r *Reader) AuditIDs(ctx context.Context, events uint64) (IDAudit, error) {
	out := IDAudit{Repeated: []RepeatedID{}}
	slices, width := hashSlices(events)
	shift := uint8(min(63, 64-bits.Len64(events/idBucketRows)))
	for i := range slices {
		first, last := chgo.Named("first", i*width), chgo.Named("last", i*width+(width-1))
		sums, err := selectRow[idSums](ctx, r, "audit_ids", Filter{}, first, last, chgo.Named("shift", shift))
		if err != nil {
			return out, err
		}
		out.Checked += sums.Checked
		if sums.Repeated == 0 {
			continue
		}
		rows, err := selectRows[repeatedRow](ctx, r, "audit_repeated", Filter{}, first, last, chgo.Named("limit", maxRepeated))
		if err != nil {
			return out, err
		}
		out.add(rows)
		if len(out.Repeated) > maxRepeated {
			out.Repeated, out.Incomplete = out.Repeated[:maxRepeated], true
			return out, nil
		}
	}
	return out, nil
}

// hashSlices divides all hashes into slices of so many each; 0 is all of them.
func hashSlices(events uint64) (slices, width uint64) {
	slices = 1 << bits.Len64(events/idSliceRows)
	return slices, math.MaxUint64/slices + 1
}

// add takes rows in order of their ids; ids that only share a hash are fine.
func (a *IDAudit) add(rows []repeatedRow) {
	for len(rows) > 0 {
		again := RepeatedID{ID: rows[0].ID}
		n := 0
		for ; n < len(rows) && rows[n].ID == again.ID; n++ {
			again.At = append(again.At, IDOffset{rows[n].Topic, rows[n].Partition, rows[n].Offset})
		}
		if n > 1 {
			a.Repeated = append(a.Repeated, again)
		}
		rows = rows[n:]
	}
}

// String names the id and where its events are.
func (r RepeatedID) String() string {
	text := fmt.Sprintf("id %q is an event more than once, at", r.ID)
	for _, at := range r.At {
		text += fmt.Sprintf(" %s/%d/%d", at.Topic, at.Partition, at.Offset)
	}
	return text
}
