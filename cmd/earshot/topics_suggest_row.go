package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/intake"
)

// rowEvent reads of a row what is analysed; ok is false if it has no words. It is no
// full event: nothing else is required, and what cannot be read is left out.
func rowEvent(row intake.Row, fields map[string]string, loc *time.Location) (e *pipeline.Event, ok bool) {
	e = new(pipeline.Event)
	for i := range row.Fields {
		f := &row.Fields[i]
		switch fields[f.Name] {
		case "text":
			e.Text = cellText(f)
		case "title":
			e.Title = cellText(f)
		case "id":
			e.ID = cellText(f)
		case "language":
			e.Language = cellText(f)
		case "source":
			e.Source = cellText(f)
		case "occurred_at":
			if at, ok := cellTime(cellText(f), loc); ok {
				e.OccurredAt = at
			}
		case "turns":
			_ = json.Unmarshal(f.JSON, &e.Turns) // no list of turns says nothing
		}
	}
	return e, e.Text != "" || e.Title != "" || len(e.Turns) > 0
}

// cellText is a cell as text; a JSON number keeps its digits, null is empty.
func cellText(f *intake.Field) string {
	if f.JSON == nil {
		return f.Text
	}
	var s string
	if err := json.Unmarshal(f.JSON, &s); err == nil {
		return s
	}
	if raw := string(f.JSON); raw != "null" && !strings.HasPrefix(raw, "{") && !strings.HasPrefix(raw, "[") {
		return raw
	}
	return ""
}

// cellTime reads ISO 8601 with or without time and zone, and epoch seconds or
// milliseconds.
func cellTime(s string, loc *time.Location) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t, true
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return time.Time{}, false
	}
	if n > 1e11 {
		return time.UnixMilli(n).UTC(), true
	}
	return time.Unix(n, 0).UTC(), true
}

// textProgress says every few seconds how many texts were read.
type textProgress struct {
	w      io.Writer
	tty    bool
	began  time.Time
	spoken time.Time
	texts  int
	shown  bool
}

func newTextProgress(w io.Writer) *textProgress {
	_, tty := terminal(w)
	return &textProgress{w: w, tty: tty, began: time.Now(), spoken: time.Now()}
}

func (p *textProgress) one() {
	p.texts++
	if p.texts%1000 != 0 {
		return
	}
	every := progressEvery
	if p.tty {
		every = 200 * time.Millisecond
	}
	now := time.Now()
	if now.Sub(p.spoken) < every {
		return
	}
	p.spoken, p.shown = now, true
	line := fmt.Sprintf("read %s texts, %s/s", thousands(p.texts), thousands(int(float64(p.texts)/now.Sub(p.began).Seconds())))
	if p.tty {
		fmt.Fprintf(p.w, "\r\x1b[K%s", line)
		return
	}
	fmt.Fprintln(p.w, line)
}

// finish clears the line of a terminal.
func (p *textProgress) finish() {
	if p.tty && p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
