// Package intake reads feedback from files: JSON lines, JSON arrays, CSV and TSV,
// each also compressed with gzip, row by row in bounded memory, and maps their
// columns to the fields of the event contract.
package intake

import (
	"github.com/go-json-experiment/json/jsontext"

	"earshot/pipeline"
)

// MaxRowBytes bounds one row, a line of a zip bomb included. It lies above the
// contract's 1 MiB, so that rows too long for an event still reach Kafka and
// become dead letters.
const MaxRowBytes = 9 << 20

// Row is one row of a file. Its slices are the row's own.
type Row struct {
	Line   int              // where it starts, from 1
	Raw    []byte           // its original bytes, without the line end; nil if longer than MaxRowBytes
	Fields []Field          // its columns, in order
	Reject *pipeline.Reject // why it could not be split into fields, else nil
}

// Field is one column of a row: a JSON value, or the text of a cell.
type Field struct {
	Name string
	JSON jsontext.Value // nil for a cell of CSV or TSV
	Text string
}

// Reader reads the rows of one file. Next ends with io.EOF; any other error
// means that the rest of the file cannot be read. A row that is broken by
// itself is no error: it has a Reject, and the next row follows.
type Reader interface {
	Next() (Row, error)
}

func rowReject(line int, raw []byte, reason pipeline.Reason, detail string) Row {
	return Row{Line: line, Raw: raw, Reject: &pipeline.Reject{Reason: reason, Detail: detail}}
}
