package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
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
}

// chunk is a run of lines; ready is closed once out and bad are set.
type chunk struct {
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
		c.out = make([]byte, 0, outputBytes(c.lines))
		for _, l := range c.lines {
			var ok bool
			c.out, ok = analyzer.appendLine(c.out, l, s.file)
			if !ok {
				c.bad++
			}
		}
		close(c.ready)
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
	}
}

func interrupted(ctx context.Context) error {
	return &exitError{code: exitFailed, err: fmt.Errorf("interrupted: %w", context.Cause(ctx))}
}

// read cuts the input into chunks. A chunk ends early where no more input is at
// hand.
func (s *lineStream) read(ctx context.Context, work, order chan<- *chunk) error {
	in := bufio.NewReaderSize(s.in, 128<<10)
	c, size := &chunk{ready: make(chan struct{})}, 0
	for number := 1; ; number++ {
		l, err := readLine(in)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("line %d: %w", number, err)
		}
		end := err != nil
		if !end || len(l.text) > 0 || l.tooLong {
			l.number = number
			c.lines = append(c.lines, l)
			size += len(l.text)
		}
		if len(c.lines) > 0 && (end || len(c.lines) == maxChunkLines || size >= maxChunkBytes || in.Buffered() == 0) {
			for _, to := range []chan<- *chunk{order, work} {
				select {
				case to <- c:
				case <-ctx.Done():
					return nil // the writer knows why
				}
			}
			c, size = &chunk{ready: make(chan struct{})}, 0
		}
		if end {
			return nil
		}
	}
}

// readLine returns the next line without its end; io.EOF comes with the last.
func readLine(in *bufio.Reader) (line, error) {
	var l line
	for {
		part, err := in.ReadSlice('\n')
		if len(l.text)+len(part) > maxLine {
			l.text, l.tooLong = nil, true
		}
		if !l.tooLong {
			l.text = append(l.text, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if n := len(l.text); n > 0 && l.text[n-1] == '\n' {
			l.text = l.text[:n-1]
		}
		if n := len(l.text); n > 0 && l.text[n-1] == '\r' {
			l.text = l.text[:n-1]
		}
		return l, err
	}
}
