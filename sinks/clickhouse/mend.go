package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
)

const (
	codeCorruptedData = 246
	codeUnknownTable  = 60

	// mendPause keeps a part that stays broken from having the table loaded anew
	// again and again.
	mendPause = 30 * time.Second
)

// partInMessage finds the directory of a part in the path of a file of it: reads
// of marks, of a skipping index or of a projection each word their error in
// another way, but all name the file.
var partInMessage = regexp.MustCompile(`/([0-9a-z]+(?:_[0-9]+){3,4})/`)

// mender loads the table anew after a merge that met the end of the disk.
//
// ClickHouse up to 26.7 at least can finish such a merge with a part that has an
// empty marks file, and tells nobody; every read of the part fails from then on.
// The parts it was merged from are still on the disk, for old_parts_lifetime (8
// minutes). When the table is loaded, the server puts the broken part aside and
// takes them into use again. It is safe for concurrent use.
type mender struct {
	mu     sync.Mutex
	broken string // name of the part; "": none
	last   time.Time
}

// BrokenPartError means that the server cannot read a part of the table, and no
// longer has the parts it was merged from.
type BrokenPartError struct {
	Part string
}

func (e *BrokenPartError) Error() string {
	return fmt.Sprintf("ClickHouse cannot read the part %s of records, and has not what it was merged from: restore the database from a backup, or "+
		"`ALTER TABLE records DETACH PART '%s'` and let `earshot audit` say which offsets are gone", e.Part, e.Part)
}

// MendedError tells that a broken part was put aside and that what it was merged
// from is in use again: nothing is lost, the caller tries again.
type MendedError struct {
	Part string
}

func (e *MendedError) Error() string {
	return fmt.Sprintf("ClickHouse could not read the merged part %s (was its disk full?): the table was loaded anew from the parts before the merge, nothing is lost", e.Part)
}

// suspect notes the part that an error names, and returns the error.
func (m *mender) suspect(err error) error {
	var exception *chgo.Exception
	if !errors.As(err, &exception) || exception.Code != codeCorruptedData {
		return err
	}
	if found := partInMessage.FindStringSubmatch(exception.Message); found != nil {
		m.mu.Lock()
		m.broken = found[1]
		m.mu.Unlock()
	}
	return err
}

// mend loads the table anew if a part of it is known to be broken and what it
// was merged from is there; it says so by a *MendedError. All inserts of Earshot
// are ended first: their workers ask the table.
func (w *Writer) mend(ctx context.Context) error {
	w.mender.mu.Lock()
	defer w.mender.mu.Unlock()
	part := w.mender.broken
	if part == "" || time.Since(w.mender.last) < mendPause {
		return nil
	}
	whole, err := w.mergedFrom(ctx, part)
	if err != nil {
		return fmt.Errorf("broken part %s: %w", part, err)
	}
	if !whole {
		return &BrokenPartError{Part: part}
	}
	w.mender.last = time.Now()
	if err := w.conn.Exec(ctx, "KILL QUERY WHERE query_id LIKE 'earshot-%' AND user = currentUser() ASYNC"); err != nil {
		return fmt.Errorf("broken part %s: end inserts: %w", part, err)
	}
	if err := w.conn.Exec(ctx, "DETACH TABLE records SYNC"); err != nil {
		return fmt.Errorf("broken part %s: load the table anew: %w", part, err)
	}
	if err := w.attach(ctx); err != nil {
		return err
	}
	w.mender.broken = ""
	return &MendedError{Part: part}
}

// mergedFrom says whether the inactive parts inside the range of a merged part
// hold all its rows, or the part is no longer in use. Rows never change, so that
// a merge keeps their number.
func (w *Writer) mergedFrom(ctx context.Context, part string) (bool, error) {
	const query = `WITH broken AS
    (SELECT partition_id, min_block_number AS low, max_block_number AS high, level, rows FROM system.parts
     WHERE database = currentDatabase() AND table = 'records' AND active AND name = ?),
sources AS
    (SELECT p.name AS name, p.min_block_number AS low, p.max_block_number AS high, p.rows AS rows FROM system.parts AS p, broken AS b
     WHERE p.database = currentDatabase() AND p.table = 'records' AND NOT p.active AND p.partition_id = b.partition_id
       AND p.min_block_number >= b.low AND p.max_block_number <= b.high AND p.level < b.level)
SELECT (SELECT count() FROM broken), (SELECT sum(rows) FROM broken),
    (SELECT sum(rows) FROM sources AS s WHERE s.name NOT IN
        (SELECT a.name FROM sources AS a, sources AS o WHERE o.name != a.name AND o.low <= a.low AND o.high >= a.high))`
	var parts, rows, held uint64
	if err := w.conn.QueryRow(ctx, query, part).Scan(&parts, &rows, &held); err != nil {
		return false, err
	}
	return parts == 0 || held == rows, nil
}

// attach takes a detached table into use; that it is there already is no error.
func (w *Writer) attach(ctx context.Context) error {
	var detached uint64
	const query = "SELECT count() FROM system.detached_tables WHERE database = currentDatabase() AND table = 'records'"
	if err := w.conn.QueryRow(ctx, query).Scan(&detached); err != nil {
		return fmt.Errorf("detached tables: %w", err)
	}
	if detached == 0 {
		return nil
	}
	if err := w.conn.Exec(ctx, "ATTACH TABLE records"); err != nil {
		return fmt.Errorf("attach records: %w", err)
	}
	return nil
}

// detached says whether the table is missing because somebody loads it anew, and
// brings it back if nobody does any more.
func (w *Writer) detached(ctx context.Context, err error) error {
	var exception *chgo.Exception
	if !errors.As(err, &exception) || exception.Code != codeUnknownTable {
		return err
	}
	if attach := w.attach(ctx); attach != nil {
		return fmt.Errorf("records is being loaded anew: %w", attach)
	}
	return err
}
