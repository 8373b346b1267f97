package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
)

// Bounds of the lines in flight, so that memory does not grow with the input.
const (
	maxLine       = 16 << 20 // bytes; a longer line is an error line
	maxChunkLines = 256
	maxChunkBytes = 256 << 10
)

// lineStream runs the lines of one input through the analyzer on all cores and
// writes the answers in the order of the lines.
type lineStream struct {
	analyzer lineAnalyzer
	in       io.Reader
	out      *bufio.Writer
	file     string // "-" for standard input

	total, bad int
	written    sync.Pool // of *chunk
}

// chunk is a run of lines; ready is told once out and bad are set. Its memory serves
// again when it is written.
type chunk struct {
	data  []byte // of all lines, end to end
	lines []line
	out   []byte
	bad   int
	ready chan struct{}
}

type line struct {
	number  int
	text    []byte
	tooLong bool
}

// newChunk returns an empty chunk, in the memory of one that was written if there is one.
func (s *lineStream) newChunk() *chunk {
	c, ok := s.written.Get().(*chunk)
	if !ok || cap(c.data)+cap(c.out) > 16*maxChunkBytes {
		return &chunk{ready: make(chan struct{}, 1)}
	}
	c.data, c.lines, c.out, c.bad = c.data[:0], c.lines[:0], c.out[:0], 0
	return c
}

// run returns when all is written, or with the first error. A reader that still
// waits for input then is left to the end of the process.
func (s *lineStream) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	work := make(chan *chunk)
	order := make(chan *chunk, 2*workers) // bounds the chunks in flight
	readErr := make(chan error, 1)
	for range workers {
		go s.work(work)
	}
	go func() {
		defer close(work)
		defer close(order)
		readErr <- s.read(ctx, work, order)
	}()
	if err := s.write(ctx, order); err != nil {
		return err
	}
	return <-readErr
}

func (s *lineStream) work(work <-chan *chunk) {
	analyzer := s.analyzer
	analyzer.memory = new(lineMemory)
	for c := range work {
		c.out = slices.Grow(c.out, outputBytes(c.lines))
		for _, l := range c.lines {
			var ok bool
			c.out, ok = analyzer.appendLine(c.out, l, s.file)
			if !ok {
				c.bad++
			}
		}
		c.ready <- struct{}{}
	}
}

// outputBytes is about what the answers to lines take.
func outputBytes(lines []line) (size int) {
	for _, l := range lines {
		size += len(l.text) + 1024
	}
	return size
}

// write puts the chunks out in order and flushes whenever the next one is not
// ready yet: a line given by hand is answered at once.
func (s *lineStream) write(ctx context.Context, order <-chan *chunk) error {
	for {
		var c *chunk
		select {
		case next, more := <-order:
			if !more {
				return s.out.Flush()
			}
			c = next
		default:
			if err := s.out.Flush(); err != nil {
				return err
			}
			select {
			case next, more := <-order:
				if !more {
					return nil
				}
				c = next
			case <-ctx.Done():
				return interrupted(ctx)
			}
		}
		select {
		case <-c.ready:
		case <-ctx.Done():
			return interrupted(ctx)
		}
		s.total, s.bad = s.total+len(c.lines), s.bad+c.bad
		if _, err := s.out.Write(c.out); err != nil {
			return err
		}
		s.written.Put(c)
	}
}

func interrupted(ctx context.Context) error {
	return &exitError{code: exitFailed, err: fmt.Errorf("interrupted: %w", context.Cause(ctx))}
}

// read cuts the input into chunks. A chunk ends early where no more input is at
// hand.
func (s *lineStream) read(ctx context.Context, work, order chan<- *chunk) error {
	in := bufio.NewReaderSize(s.in, 128<<10)
	c := s.newChunk()
	for number := 1; ; number++ {
		start := len(c.data)
		data, tooLong, err := readLine(c.data, in)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("line %d: %w", number, err)
		}
		end := err != nil
		c.data = data
		if text := data[start:]; !end || len(text) > 0 || tooLong {
			c.lines = append(c.lines, line{number: number, text: text, tooLong: tooLong})
		}
		if len(c.lines) > 0 && (end || len(c.lines) == maxChunkLines || len(c.data) >= maxChunkBytes || in.Buffered() == 0) {
			for _, to := range []chan<- *chunk{order, work} {
				select {
				case to <- c:
				case <-ctx.Done():
					return interrupted(ctx)
				}
			}
			c = s.newChunk()
		}
		if end {
			return nil
		}
	}
}

// readLine appends the next line without its end, nothing if it is too long; io.EOF comes
// with the last.
func readLine(dst []byte, in *bufio.Reader) (data []byte, tooLong bool, err error) {
	start := len(dst)
	for {
		part, err := in.ReadSlice('\n')
		if len(dst)-start+len(part) > maxLine {
			dst, tooLong = dst[:start], true
		}
		if !tooLong {
			dst = append(dst, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		text := bytes.TrimSuffix(bytes.TrimSuffix(dst[start:], []byte("\n")), []byte("\r"))
		return dst[:start+len(text)], tooLong, err
	}
}
