package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"earshot/pipeline"
	"earshot/sentiment/topic"
	"earshot/sinks/clickhouse"
)

// previewJob compares two taxonomies on all cores. What is in flight, and what is
// kept, does not grow with the number of texts.
type previewJob struct {
	before, after *topic.Tagger
	skip          func(string) bool
	samples       int
	lines         lineAnalyzer // reads the lines of files, and knows the locations
	refused       atomic.Int64
}

// previewItem is one text, or a line that holds one.
type previewItem struct {
	stored *clickhouse.StoredText
	line   line
	file   string
}

// previewChunk is how many texts go to a worker at once.
const previewChunk = 512

// run compares all that read passes to add.
func (j *previewJob) run(ctx context.Context, progress *previewProgress, read func(context.Context, func(previewItem) error) error) (*topic.Comparison, error) {
	workers := runtime.GOMAXPROCS(0)
	work := make(chan []previewItem, workers)
	group, ctx := errgroup.WithContext(ctx)
	parts := make([]*topic.Comparison, workers)
	for i := range parts {
		parts[i] = topic.NewComparison(j.before, j.after, j.samples, j.skip)
		group.Go(func() error {
			for chunk := range work {
				for _, item := range chunk {
					j.compare(parts[i], item)
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(work)
		return deal(ctx, work, progress, read)
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	progress.finish()
	for _, part := range parts[1:] {
		parts[0].Join(part)
	}
	return parts[0], nil
}

// deal hands out what is read in chunks.
func deal(ctx context.Context, work chan<- []previewItem, progress *previewProgress, read func(context.Context, func(previewItem) error) error) error {
	chunk := make([]previewItem, 0, previewChunk)
	send := func() error {
		select {
		case work <- chunk:
		case <-ctx.Done():
			return ctx.Err()
		}
		progress.add(len(chunk))
		chunk = make([]previewItem, 0, previewChunk)
		return nil
	}
	err := read(ctx, func(item previewItem) error {
		if chunk = append(chunk, item); len(chunk) < previewChunk {
			return nil
		}
		return send()
	})
	if err != nil {
		return err
	}
	return send()
}

func (j *previewJob) compare(c *topic.Comparison, item previewItem) {
	if s := item.stored; s != nil {
		e := pipeline.Event{Text: s.Text, Source: s.Source, Location: s.Location,
			OccurredAt: storedTime(s.OccurredAt, s.HourOfWeek, j.lines.places.ZoneOf(s.Location))}
		text, _ := pipeline.AnalysedText(&e)
		c.Add(topic.Text{ID: s.ID, Text: text, Language: s.Language, At: pipeline.MomentOf(&e, j.lines.places)})
		return
	}
	members, err := j.lines.members(item.line)
	var e *pipeline.Event
	if err == nil {
		e, _, _, err = j.lines.event(members)
	}
	if err != nil {
		j.refused.Add(1)
		return
	}
	text, _ := pipeline.AnalysedText(e)
	at := pipeline.MomentOf(e, j.lines.places)
	c.Add(topic.Text{ID: fmt.Sprintf("%s:%d", item.file, item.line.number), Text: text, Language: e.Language, At: at})
}

func (p *program) previewFiles(cmd *cobra.Command, job *previewJob, files []string) (*topic.Comparison, int, error) {
	if err := checkInputs(files); err != nil {
		return nil, 0, err
	}
	sum, err := job.run(cmd.Context(), newPreviewProgress(p.stderr, 0), func(ctx context.Context, add func(previewItem) error) error {
		for _, name := range files {
			if err := p.eachLine(ctx, name, add); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
	return sum, int(job.refused.Load()), err
}

func (p *program) eachLine(ctx context.Context, name string, add func(previewItem) error) error {
	in, err := p.openInput(name)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	buffered := bufio.NewReaderSize(in, 128<<10)
	for number := 1; ctx.Err() == nil; number++ {
		text, tooLong, err := readLine(nil, buffered)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if tooLong || len(bytes.TrimSpace(text)) > 0 {
			l := line{number: number, text: text, tooLong: tooLong}
			if err := add(previewItem{line: l, file: name}); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
	return ctx.Err()
}

// previewProgress shows how far a preview is: a bar on a terminal, elsewhere a line
// every few seconds.
type previewProgress struct {
	w      io.Writer
	total  uint64 // 0: unknown
	done   int
	start  time.Time
	spoken time.Time
	bar    *progressbar.ProgressBar
}

func newPreviewProgress(w io.Writer, total uint64) *previewProgress {
	p := &previewProgress{w: w, total: total, start: time.Now(), spoken: time.Now()}
	if _, tty := terminal(w); tty && os.Getenv("TERM") != "dumb" {
		size := int64(total)
		if size == 0 {
			size = -1 // a spinner
		}
		p.bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("texts"),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	return p
}

func (p *previewProgress) add(n int) {
	p.done += n
	if p.bar != nil {
		_ = p.bar.Add(n) // drawing only
		return
	}
	if time.Since(p.spoken) < progressEvery {
		return
	}
	p.spoken = time.Now()
	of := ""
	if p.total > 0 {
		of = " of " + thousands(p.total)
	}
	fmt.Fprintf(p.w, "%s%s texts, %s texts/s\n", thousands(uint64(p.done)), of, thousands(uint64(float64(p.done)/time.Since(p.start).Seconds())))
}

func (p *previewProgress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish() // drawing only
	}
}
