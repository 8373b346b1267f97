package main

import (
	"fmt"
	"io"
	"time"
)

// fetchProgress shows how far the fetching of the engine is: one line that
// grows on a terminal, a line now and then elsewhere.
type fetchProgress struct {
	w       io.Writer
	live    bool // a terminal
	began   time.Time
	step    string
	printed time.Time
	open    bool // a line without its end
}

const plainEvery = 5 * time.Second

func newFetchProgress(w io.Writer) *fetchProgress {
	_, live := terminal(w)
	return &fetchProgress{w: w, live: live, began: time.Now()}
}

func (f *fetchProgress) show(step string, done, total int64) {
	now := time.Now()
	fresh := step != f.step
	if fresh {
		f.end()
		f.step = step
	}
	if !fresh && !f.live && now.Sub(f.printed) < plainEvery && done < total {
		return
	}
	f.printed = now
	line := step
	if total > 0 {
		line = fmt.Sprintf("%s: %d of %d MB, %s", step, done>>20, total>>20, now.Sub(f.began).Round(time.Second))
	}
	if f.live {
		fmt.Fprintf(f.w, "\r\x1b[K%s", line)
		f.open = true
		return
	}
	fmt.Fprintln(f.w, line)
}

// end closes the open line.
func (f *fetchProgress) end() {
	if f.open {
		fmt.Fprintln(f.w)
		f.open = false
	}
}

// demoProgress shows how much of the demo is in Kafka.
type demoProgress struct {
	w       io.Writer
	live    bool
	total   int
	first   int // sent by an earlier run
	began   time.Time
	printed time.Time
	open    bool
}

func newDemoProgress(w io.Writer, state demoState) *demoProgress {
	_, live := terminal(w)
	return &demoProgress{w: w, live: live, total: state.Events, first: state.Sent, began: time.Now(), printed: time.Now()}
}

func (d *demoProgress) show(sent int) {
	now := time.Now()
	last := sent >= d.total
	every := plainEvery
	if d.live {
		every = 100 * time.Millisecond
	}
	if !last && now.Sub(d.printed) < every {
		return
	}
	d.printed = now
	rate := float64(sent-d.first) / max(now.Sub(d.began).Seconds(), 1e-3)
	line := fmt.Sprintf("demo: %d of %d events sent, %.0f/s", sent, d.total, rate)
	if d.live {
		fmt.Fprintf(d.w, "\r\x1b[K%s", line)
		d.open = true
		return
	}
	fmt.Fprintln(d.w, line)
}

func (d *demoProgress) note(err error) {
	d.end()
	fmt.Fprintf(d.w, "demo: %v; trying again\n", err)
}

// end closes the open line.
func (d *demoProgress) end() {
	if d.open {
		fmt.Fprintln(d.w)
		d.open = false
	}
}
