package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"earshot/pipeline/intake"
)

// feedProgress shows how far the feeding is: a bar on a terminal, elsewhere a
// line every few seconds. A nil one shows nothing.
type feedProgress struct {
	w     io.Writer
	total int64 // bytes of all files, 0 if unknown
	bar   *progressbar.ProgressBar

	start    time.Time
	spoken   time.Time
	done     int64 // bytes of the files behind us
	current  *intake.File
	rows     int // sent from the files behind us
	lastRows int // sent from the current file
}

// progressEvery is how often a line is written where there is no terminal.
const progressEvery = 5 * time.Second

func newFeedProgress(w io.Writer, total int64) *feedProgress {
	p := &feedProgress{w: w, total: total, start: time.Now(), spoken: time.Now()}
	if _, tty := terminal(w); tty {
		size := total
		if size == 0 {
			size = -1 // a spinner
		}
		p.bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("feeding"),
			progressbar.OptionShowBytes(true), progressbar.OptionShowElapsedTimeOnFinish(), progressbar.OptionSetPredictTime(true),
			progressbar.OptionFullWidth(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	return p
}

// at notes how far the current file is.
func (p *feedProgress) at(counts *feedCounts, file *intake.File) {
	if p == nil {
		return
	}
	if file != p.current {
		if p.current != nil {
			p.done += p.current.Size
		}
		p.current, p.rows, p.lastRows = file, p.rows+p.lastRows, 0
	}
	p.lastRows = counts.Sent
	rows, bytes := p.rows+p.lastRows, p.done+file.BytesRead()
	rate := float64(rows) / max(time.Since(p.start).Seconds(), 1e-3)
	if p.bar != nil {
		p.bar.Describe(fmt.Sprintf("%s rows, %s/s", thousands(rows), thousands(int(rate))))
		_ = p.bar.Set64(bytes) // drawing only
		return
	}
	if time.Since(p.spoken) < progressEvery {
		return
	}
	p.spoken = time.Now()
	fmt.Fprintf(p.w, "fed %s rows, %s rows/s%s\n", thousands(rows), thousands(int(rate)), p.left(bytes))
}

// left is how much of the files is read and how long the rest will take.
func (p *feedProgress) left(bytes int64) string {
	if p.total == 0 || bytes == 0 {
		return ""
	}
	share := min(float64(bytes)/float64(p.total), 1)
	elapsed := time.Since(p.start)
	rest := time.Duration(float64(elapsed)/share) - elapsed
	return fmt.Sprintf(", %.0f%% read, %s left", 100*share, rest.Round(time.Second))
}

// clear takes the bar off the terminal so that a line can be printed.
func (p *feedProgress) clear() {
	if p != nil && p.bar != nil {
		_ = p.bar.Clear() // drawing only
	}
}

func (p *feedProgress) finish() {
	if p != nil && p.bar != nil {
		_ = p.bar.Finish() // drawing only
	}
}
