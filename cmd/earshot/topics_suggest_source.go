package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/pipeline/intake"
	"earshot/sinks/clickhouse"
)

// defaultPeriod is how far back stored feedback is read.
const defaultPeriod = 90 * day

// textSource is where texts come from: stored feedback or files.
type textSource struct {
	ctx      context.Context
	recent   time.Time // the recent part begins; zero: there is none
	oneIn    int
	progress *textProgress

	reader *clickhouse.Reader // nil for files
	filter clickhouse.Filter
	most   int

	files        []string
	fields       map[string]string // field of an event by column
	since, until time.Time
	loc          *time.Location
}

// textSource opens what the flags name and finds where its recent part begins.
func (p *program) textSource(cmd *cobra.Command, files []string, f *suggestFlags) (*textSource, error) {
	now := p.clock().UTC()
	span := *f.span
	if len(files) == 0 && span.since == "" {
		span.since = now.Add(-defaultPeriod).Format(time.RFC3339Nano)
	}
	since, until, err := span.bounds(now)
	if err != nil {
		return nil, err
	}
	s := &textSource{ctx: cmd.Context(), oneIn: 1, most: f.most, files: files, since: since, until: until,
		loc: time.UTC, filter: f.filter, progress: newTextProgress(p.stderr)}
	s.filter.Since, s.filter.Until = since, until
	if len(files) == 0 {
		if s.reader, err = p.reader(cmd); err != nil {
			return nil, err
		}
	} else if err = s.openFiles(f.columns, span.until == ""); err != nil {
		return nil, err
	}
	if s.recent, err = recentFrom(f.recent, s.since, s.until); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *textSource) close() {
	if s.reader != nil {
		_ = s.reader.Close() // it only reads
	}
}

// recentFrom is where the recent part of a period begins, zero if the period has
// no beginning.
func recentFrom(flag string, since, until time.Time) (time.Time, error) {
	if flag == "" {
		if since.IsZero() || !since.Before(until) {
			return time.Time{}, nil
		}
		return until.Add(-until.Sub(since) / 4), nil
	}
	length, ok := parseSpan(flag)
	if !ok || length <= 0 {
		return time.Time{}, usagef("--recent %q: expected a span such as 7d, 2w or 12h", flag)
	}
	from := until.Add(-length)
	if !since.IsZero() && !since.Before(from) {
		return time.Time{}, usagef("--recent %s leaves nothing of the period from %s on to compare with", flag, since.Format(time.DateOnly))
	}
	return from, nil
}

// produce reads the events of the period one by one.
func (s *textSource) produce(add func(*pipeline.Event)) (err error) {
	if s.reader != nil {
		if s.oneIn, err = s.reader.TextSample(s.ctx, s.filter, s.most, add); err != nil {
			return readError(err)
		}
		return nil
	}
	return s.eachRow(func(e *pipeline.Event) {
		if e.OccurredAt.IsZero() || !e.OccurredAt.Before(s.since) && e.OccurredAt.Before(s.until) {
			add(e)
		}
	})
}

// openFiles reads the files once for the time that they cover: what is recent has
// to be known before the first text is counted.
func (s *textSource) openFiles(columns []string, openEnd bool) error {
	var err error
	if s.fields, err = eventColumns(columns); err != nil {
		return err
	}
	var first, last time.Time
	err = s.eachRow(func(e *pipeline.Event) {
		if at := e.OccurredAt; !at.IsZero() && !at.Before(s.since) && (openEnd || at.Before(s.until)) {
			if first.IsZero() || at.Before(first) {
				first = at
			}
			if at.After(last) {
				last = at
			}
		}
	})
	if openEnd {
		s.until = last.Add(time.Millisecond)
	}
	if s.since.Before(first) {
		s.since = first
	}
	return err
}

// eachRow reads all files.
func (s *textSource) eachRow(each func(*pipeline.Event)) error {
	for _, path := range s.files {
		if path == "-" {
			return usagef("the texts are read twice, standard input cannot be: name a file")
		}
		err := s.eachRowOf(path, each)
		if errors.Is(err, fs.ErrNotExist) {
			return usagef("%s: no such file", path)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

func (s *textSource) eachRowOf(path string, each func(*pipeline.Event)) (err error) {
	file, err := intake.Open(path, nil, intake.Auto)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	for n := 1; ; n++ {
		if n%1024 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		row, err := file.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := rowEvent(row, s.fields, s.loc); ok {
			if e.ID == "" {
				e.ID = fmt.Sprintf("line %d", row.Line)
			}
			each(e)
		}
	}
}

// eventColumns are the columns that fields are read from: their own names, unless
// --map names others.
func eventColumns(flags []string) (map[string]string, error) {
	fields := map[string]string{"ts": "occurred_at"}
	for _, name := range []string{"id", "text", "title", "language", "source", "occurred_at", "turns"} {
		fields[name] = name
	}
	for _, flag := range flags {
		for pair := range strings.SplitSeq(flag, ",") {
			field, column, ok := strings.Cut(pair, "=")
			if _, known := fields[field]; !ok || !known || field == "ts" || column == "" {
				return nil, usagef("--map %q: expected FIELD=COLUMN with text, title, id, occurred_at, language, source or turns", pair)
			}
			for name, f := range fields {
				if f == field {
					delete(fields, name)
				}
			}
			fields[column] = field
		}
	}
	return fields, nil
}
