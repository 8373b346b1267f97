package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Format is how the rows of a file are written.
type Format string

// The formats. Auto tells by the file's name and first bytes.
const (
	Auto  Format = ""
	JSONL Format = "jsonl" // one object a line
	JSON  Format = "json"  // an array of objects, or objects that span lines
	CSV   Format = "csv"   // comma, semicolon, tab or | by the header
	TSV   Format = "tsv"
)

// Formats are those one can ask for.
var Formats = []string{string(JSONL), string(JSON), string(CSV), string(TSV)}

// Errors of Open that concern the whole file.
var (
	ErrEmpty   = errors.New("the file is empty")
	errArchive = errors.New("a zip archive or Excel workbook; unpack it, or save the sheet as CSV")
	errNotGzip = errors.New("ends in .gz but is not compressed with gzip")
	errFormat  = errors.New("cannot tell its format; say --format jsonl, json, csv or tsv")
)

// File is an opened input.
type File struct {
	Name   string
	Format Format
	Size   int64 // bytes on disk, 0 if unknown
	reader Reader
	ahead  preview
	read   atomic.Int64
	closer io.Closer
}

// BytesRead says how much of Size has been read. It may be called at any time.
func (f *File) BytesRead() int64 { return f.read.Load() }

// Close closes the input.
func (f *File) Close() error { return f.closer.Close() }

// Open opens the file at path, or stdin for "-", and reads its first bytes.
func Open(path string, stdin io.Reader, format Format) (*File, error) {
	f := &File{Name: path, Format: format}
	var src io.Reader = stdin
	if path == "-" {
		f.Name, f.closer = "stdin", io.NopCloser(nil)
	} else {
		disk, err := openDisk(path)
		if err != nil {
			return nil, err
		}
		if info, err := disk.Stat(); err == nil && info.Mode().IsRegular() {
			f.Size = info.Size()
		}
		src, f.closer = disk, disk
	}
	if err := f.start(path, src); err != nil {
		return nil, errors.Join(err, f.closer.Close())
	}
	return f, nil
}

func openDisk(path string) (*os.File, error) {
	disk, err := os.Open(path)
	if err != nil {
		return nil, errors.Unwrap(err) // the name is said by the caller
	}
	if info, err := disk.Stat(); err == nil && info.IsDir() {
		disk.Close()
		return nil, errors.New("is a directory; name the files in it")
	}
	return disk, nil
}

const peekBytes = 64 << 10

// start undoes compression and encoding and picks the reader of the format.
func (f *File) start(path string, src io.Reader) error {
	r := bufio.NewReaderSize(&countingReader{r: src, n: &f.read}, peekBytes)
	name := strings.ToLower(path)
	head, _ := r.Peek(4) // an error shows again at the first read
	switch {
	case len(head) == 0:
		if _, err := r.ReadByte(); err != io.EOF {
			return err
		}
		return ErrEmpty
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		unzipped, err := newGunzip(r, &f.read, bombBytes)
		if err != nil {
			return err
		}
		r = bufio.NewReaderSize(unzipped, peekBytes)
		name = strings.TrimSuffix(name, ".gz")
	case strings.HasSuffix(name, ".gz"):
		return errNotGzip
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return errArchive
	}
	r, err := decodeUTF16(r)
	if err != nil {
		return err
	}
	return f.pick(name, r)
}

// decodeUTF16 drops a UTF-8 byte order mark and converts what has one of UTF-16.
func decodeUTF16(r *bufio.Reader) (*bufio.Reader, error) {
	head, err := r.Peek(3)
	if len(head) == 0 && err != nil && err != io.EOF {
		return nil, fmt.Errorf("read: %w", err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err := r.Discard(3)
		return r, err
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()
		return bufio.NewReaderSize(transform.NewReader(r, utf16), peekBytes), nil
	}
	return r, nil
}

func (f *File) pick(name string, r *bufio.Reader) error {
	head, err := firstBytes(r)
	if err != nil {
		return err
	}
	if f.Format == Auto {
		f.Format = tellFormat(name, head)
	}
	switch f.Format {
	case JSONL:
		f.reader = &jsonLines{lines: newLines(r)}
	case JSON:
		f.reader = newJSONStream(r)
	case CSV:
		f.reader, err = newCSV(newLines(r), 0)
	case TSV:
		f.reader, err = newCSV(newLines(r), '\t')
	default:
		err = errFormat
	}
	return err
}

// firstBytes returns what can be had without waiting for more than the first
// word: a pipe may hold one row and no more for now.
func firstBytes(r *bufio.Reader) ([]byte, error) {
	for n := 1; n <= peekBytes; n = r.Buffered() + 1 {
		_, err := r.Peek(n)
		head, _ := r.Peek(r.Buffered())
		if len(bytes.TrimSpace(head)) > 0 {
			return head, nil
		}
		if err == io.EOF {
			return nil, ErrEmpty
		}
		if err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
	}
	return nil, errFormat // white space throughout
}

// tellFormat goes by the name's extension, and by the content where that says
// nothing or is JSON of either kind.
func tellFormat(name string, head []byte) Format {
	switch filepath.Ext(name) {
	case ".jsonl", ".ndjson":
		return JSONL
	case ".csv":
		return CSV
	case ".tsv", ".tab":
		return TSV
	}
	text := bytes.TrimSpace(head)
	first, _, severalLines := bytes.Cut(text, []byte("\n"))
	switch {
	case text[0] == '[':
		return JSON
	case text[0] == '{' && severalLines && !jsontext.Value(first).IsValid(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)):
		return JSON // an object over several lines
	case text[0] == '{':
		return JSONL
	case bytes.IndexByte(first, '\t') >= 0:
		return TSV
	case bytes.ContainsAny(first, ",;"):
		return CSV
	}
	return Auto
}

type countingReader struct {
	r io.Reader
	n *atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
