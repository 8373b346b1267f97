package soak

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// eventsTopic is the topic of the contract.
const eventsTopic = "feedback.events"

// store asks ClickHouse over HTTP, past every proxy and without any of
// Earshot's own code.
type store struct {
	addr   string // host:port
	client http.Client
}

func (s *store) open(ctx context.Context, sql string) (io.ReadCloser, error) {
	query := url.Values{"database": {"earshot"}, "user": {"default"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.addr+"/?"+query.Encode(), strings.NewReader(sql))
	if err != nil {
		return nil, err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 500))
		return nil, fmt.Errorf("ClickHouse: %s", text)
	}
	return resp.Body, nil
}

// rows reads the answer as one map a row.
func (s *store) rows(ctx context.Context, sql string) ([]map[string]any, error) {
	body, err := s.open(ctx, sql+" FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 0")
	if err != nil {
		return nil, err
	}
	defer body.Close()
	var out []map[string]any
	for d := json.NewDecoder(body); ; {
		var row map[string]any
		if err := d.Decode(&row); err == io.EOF {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
}

// row is the only row of an answer, its numbers as integers.
func (s *store) row(ctx context.Context, sql string) (map[string]int64, error) {
	rows, err := s.rows(ctx, sql)
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 {
		return nil, fmt.Errorf("%d rows of %s", len(rows), sql)
	}
	out := map[string]int64{}
	for name, v := range rows[0] {
		if n, ok := v.(float64); ok { // exact up to 2^53
			out[name] = int64(n)
		}
	}
	return out, nil
}

// positions are the offsets that each partition goes on at.
func (s *store) positions(ctx context.Context) (map[int32]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	rows, err := s.rows(ctx, `SELECT kafka_partition AS p, max(kafka_offset + span) AS next FROM records
WHERE kafka_topic = '`+eventsTopic+`' GROUP BY p`)
	if err != nil {
		return nil, err
	}
	out := map[int32]int64{}
	for _, r := range rows {
		p, _ := r["p"].(float64)
		next, _ := r["next"].(float64)
		out[int32(p)] = int64(next)
	}
	return out, nil
}

// stored is one row of the table as far as the checks need it.
type stored struct {
	place
	Outcome        int8 // of the table's Enum8
	Span           uint64
	ID             string
	First          place // of a duplicate
	Reason, Detail string
	Payload        string // of a dead letter
}

// The outcomes of the table.
const (
	outcomeEvent, outcomeDuplicate, outcomeDead, outcomeSkipped = 1, 2, 3, 4
)

// each calls f for every row of the table.
func (s *store) each(ctx context.Context, f func(stored)) error {
	body, err := s.open(ctx, `SELECT kafka_partition, kafka_offset, outcome, span, event_id,
duplicate_partition, duplicate_offset, toString(reason), detail, if(outcome = 'dead', payload, '')
FROM records WHERE kafka_topic = '`+eventsTopic+`' FORMAT RowBinary`)
	if err != nil {
		return err
	}
	defer body.Close()
	in := &rowReader{r: bufio.NewReaderSize(body, 1<<20)}
	for {
		var r stored
		in.number(&r.Partition)
		if in.err == io.EOF {
			return nil
		}
		in.number(&r.Offset)
		in.number(&r.Outcome)
		in.number(&r.Span)
		r.ID = in.text()
		in.number(&r.First.Partition)
		in.number(&r.First.Offset)
		r.Reason, r.Detail, r.Payload = in.text(), in.text(), in.text()
		if in.err != nil {
			return fmt.Errorf("read the table: %w", in.err)
		}
		f(r)
	}
}

// rowReader decodes ClickHouse's RowBinary; the first error stays.
type rowReader struct {
	r   *bufio.Reader
	err error
	buf [8]byte
}

// number reads one number of v's size.
func (r *rowReader) number(v any) {
	if r.err != nil {
		return
	}
	b := r.buf[:binary.Size(v)]
	if _, r.err = io.ReadFull(r.r, b); r.err != nil {
		return
	}
	switch v := v.(type) {
	case *int8:
		*v = int8(b[0])
	case *int32:
		*v = int32(binary.LittleEndian.Uint32(b))
	case *int64:
		*v = int64(binary.LittleEndian.Uint64(b))
	case *uint64:
		*v = binary.LittleEndian.Uint64(b)
	}
}

func (r *rowReader) text() string {
	if r.err != nil {
		return ""
	}
	n, err := binary.ReadUvarint(r.r)
	if err != nil {
		r.err = err
		return ""
	}
	b := make([]byte, n)
	_, r.err = io.ReadFull(r.r, b)
	return string(b)
}
