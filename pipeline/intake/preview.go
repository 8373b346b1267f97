package intake

// preview holds rows that were read ahead.
type preview struct {
	rows []Row
	err  error // what ended the reading ahead, nil if the limits did
}

// Preview returns the first rows, at most maxRows or a little more than
// maxBytes of them, without taking them from Next. Call it before Next, again
// for more.
func (f *File) Preview(maxRows, maxBytes int) []Row {
	size := 0
	for i := range f.ahead.rows {
		size += len(f.ahead.rows[i].Raw)
	}
	for len(f.ahead.rows) < maxRows && size < maxBytes && f.ahead.err == nil {
		row, err := f.reader.Next()
		if err != nil {
			f.ahead.err = err
			break
		}
		f.ahead.rows = append(f.ahead.rows, row)
		size += len(row.Raw)
	}
	return f.ahead.rows
}

// Columns are the names in the header of CSV and TSV, nil for JSON.
func (f *File) Columns() []string {
	if c, ok := f.reader.(*csvRows); ok {
		return c.header
	}
	return nil
}

// Next returns the next row; see Reader.
func (f *File) Next() (Row, error) {
	if len(f.ahead.rows) > 0 {
		row := f.ahead.rows[0]
		f.ahead.rows = f.ahead.rows[1:]
		return row, nil
	}
	if f.ahead.err != nil {
		return Row{}, f.ahead.err
	}
	row, err := f.reader.Next()
	f.ahead.err = err // an error is final
	return row, err
}
