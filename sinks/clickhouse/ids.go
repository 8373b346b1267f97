package clickhouse

import (
	"context"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/ext"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline"
)

// Stored implements pipeline.Sink. The table is the truth; KeepIDs saves asking
// it about ids that are new, which nearly all are.
//
// What is promised of two messages with one event id:
//
//   - In one partition, so always where the producer's key depends on the id:
//     one of them is an event, all later ones are duplicates, whatever crashes
//     or moves between workers. A partition has one writer at a time, and it
//     looks here after the last one's rows are in the table or never will be.
//   - In two partitions of one process: the same, by pipeline.Claims.
//   - In two partitions of two processes: the same, if the first one's insert was
//     answered before the second one's look-up began. Both become events only if
//     they are new and under way at the same moment: between a look-up and the
//     answer of the insert that follows it, usually less than a second. `earshot
//     audit` names such ids.
func (w *Writer) Stored(ctx context.Context, ids []string) (map[string]pipeline.Position, error) {
	w.idsChecked.Add(uint64(len(ids)))
	if w.ids != nil {
		var err error
		if ids, err = w.ids.perhapsStored(ctx, ids); err != nil {
			return nil, w.mender.suspect(err)
		}
	}
	w.idsAsked.Add(uint64(len(ids)))
	if len(ids) == 0 {
		return map[string]pipeline.Position{}, nil
	}
	found, err := lookUpIDs(ctx, w.conn, ids)
	return found, w.mender.suspect(err)
}

// storedQuery is answered by the projection ids: the fewer hashes are wanted,
// the fewer of its granules are read.
const storedQuery = `SELECT event_id, kafka_topic, kafka_partition, kafka_offset FROM records
WHERE id_hash IN (SELECT id_hash FROM wanted) AND outcome = 'event'`

func lookUpIDs(ctx context.Context, conn driver.Conn, ids []string) (map[string]pipeline.Position, error) {
	wanted := make(map[string]struct{}, len(ids))
	hashes := make([]uint64, len(ids))
	for i, id := range ids {
		wanted[id], hashes[i] = struct{}{}, idHash(id)
	}
	table, err := ext.NewTable("wanted", ext.Column("id_hash", "UInt64"))
	if err != nil {
		return nil, err
	}
	if _, err := table.Block().Columns[0].Append(hashes); err != nil {
		return nil, err
	}
	rows, err := conn.Query(chgo.Context(ctx, chgo.WithExternalTable(table)), storedQuery)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	found := map[string]pipeline.Position{}
	for rows.Next() {
		var id string
		var at pipeline.Position
		if err := rows.Scan(&id, &at.Topic, &at.Partition, &at.Offset); err != nil {
			return nil, err
		}
		if _, ok := wanted[id]; ok { // not just the same hash
			found[id] = at
		}
	}
	return found, rows.Err()
}
