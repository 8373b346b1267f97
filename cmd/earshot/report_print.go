package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"earshot/sinks/clickhouse"
)

// paint colours text for a terminal; without one it leaves text alone.
type paint struct{ on bool }

// painter paints if w is a terminal and the user did not object (no-color.org).
func painter(w io.Writer) paint {
	_, tty := terminal(w)
	return paint{on: tty && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

func (p paint) wrap(code, s string) string {
	if !p.on {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p paint) bold(s string) string  { return p.wrap("1", s) }
func (p paint) faint(s string) string { return p.wrap("2", s) }
func (p paint) good(s string) string  { return p.wrap("32", s) }
func (p paint) bad(s string) string   { return p.wrap("31", s) }

func printReport(w io.Writer, r *report) error {
	p := painter(w)
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", p.bold("Feedback report"), periodWords(r.Since, r.Until))
	if filters := r.filterWords(); filters != "" {
		fmt.Fprintf(&b, "only %s\n", filters)
	}
	if r.Previous != nil {
		b.WriteString(p.faint("change against "+r.comparison) + "\n")
	}
	b.WriteByte('\n')
	for _, line := range kpiLines(r) {
		b.WriteString(line.text(p))
	}
	writeTrend(&b, p, r.Trend)
	writeTopics(&b, p, r)
	writeShares(&b, p, r.Shares)
	writeTags(&b, p, r.Tags)
	writeLocations(&b, p, r.Locations)
	writeHours(&b, p, r.Hours)
	writeLive(&b, p, r.Live)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *report) filterWords() string {
	var words []string
	for _, f := range [][2]string{{"location", r.Location}, {"source", r.Source}, {"topic", r.Topic}} {
		if f[1] != "" {
			words = append(words, f[0]+" "+printable(f[1]))
		}
	}
	return strings.Join(words, ", ")
}

// periodWords is [since, until) in words: whole days as dates, the last one included.
func periodWords(since, until time.Time) string {
	layout := "2006-01-02 15:04"
	last := until
	if until.Equal(until.Truncate(day)) && since.Equal(since.Truncate(day)) {
		layout, last = time.DateOnly, until.Add(-day)
	}
	if since.IsZero() {
		return "everything up to " + last.Format(layout) + " UTC"
	}
	return fmt.Sprintf("%s to %s UTC (%s)", since.Format(layout), last.Format(layout), spanText(until.Sub(since)))
}

// spanText is a span in its two largest units.
func spanText(d time.Duration) string {
	units := []struct {
		size time.Duration
		name string
	}{{day, "d"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}}
	for i, u := range units {
		if d < u.size && i < len(units)-1 {
			continue
		}
		out := fmt.Sprintf("%d %s", d/u.size, u.name)
		if i+1 < len(units) && d < 10*u.size {
			if rest := (d % u.size) / units[i+1].size; rest > 0 {
				out += fmt.Sprintf(" %d %s", rest, units[i+1].name)
			}
		}
		return out
	}
	return ""
}

// kpiLine is one figure, its change and what it rests on.
type kpiLine struct {
	name, value, basis string
	change             string
	better             int // 1 better than before, -1 worse, 0 neither
}

func (l kpiLine) text(p paint) string {
	change := fmt.Sprintf("%-14s", l.change)
	switch {
	case l.better > 0:
		change = p.good(change)
	case l.better < 0:
		change = p.bad(change)
	}
	line := fmt.Sprintf("  %-22s %s  %s %s", l.name, p.bold(fmt.Sprintf("%12s", l.value)), change, p.faint(l.basis))
	return strings.TrimRight(line, " ") + "\n"
}

func kpiLines(r *report) []kpiLine {
	now, before := r.Current, clickhouse.KPIs{}
	if r.Previous != nil {
		before = *r.Previous
	}
	lines := []kpiLine{{name: "Volume", value: thousands(now.Volume)}}
	if before.Volume > 0 {
		lines[0].change = fmt.Sprintf("%+.1f %%", 100*(float64(now.Volume)/float64(before.Volume)-1))
	}
	scored := now.Positive + now.Neutral + now.Negative
	signed := func(x float64) string { return fmt.Sprintf("%+.1f", x) }
	plain := func(x float64) string { return fmt.Sprintf("%.2f", x) }
	percent := func(x float64) string { return fmt.Sprintf("%.1f %%", x) }
	seconds := func(x float64) string { return spanText(time.Duration(x * float64(time.Second))) }
	return append(lines,
		figure("Net sentiment", now.NetSentiment, before.NetSentiment, signed, signed, 1, basis(scored, "scored")),
		figure("CSAT", now.CSAT, before.CSAT, percent, signed, 1, basis(now.CSATAnswers, "answers")),
		figure("NPS", now.NPS, before.NPS, signed, signed, 1, basis(now.NPSAnswers, "answers")),
		figure("CES (1 hard, 7 easy)", now.CES, before.CES, plain, signedPlain, 1, basis(now.CESAnswers, "answers")),
		figure("Rating (of 5)", now.Rating, before.Rating, plain, signedPlain, 1, basis(now.Ratings, "ratings")),
		figure("Median first response", now.FirstResponseSeconds, before.FirstResponseSeconds, seconds, signedSeconds, -1, basis(now.Responses, "threads")),
	)
}

func signedPlain(x float64) string { return fmt.Sprintf("%+.2f", x) }

func signedSeconds(x float64) string {
	sign := "+"
	if x < 0 {
		sign = "-"
	}
	return sign + spanText(time.Duration(math.Abs(x)*float64(time.Second)))
}

func basis(n uint64, what string) string {
	if n == 0 {
		return ""
	}
	return thousands(n) + " " + what
}

// figure makes a line of a value that may be missing; direction is 1 where more
// is better.
func figure(name string, now, before *float64, show, showChange func(float64) string, direction int, basis string) kpiLine {
	line := kpiLine{name: name, value: "-", basis: basis}
	if now == nil {
		return line
	}
	line.value = show(*now)
	if before == nil {
		return line
	}
	change := *now - *before
	line.change = showChange(change)
	if line.change == showChange(0) {
		return line
	}
	line.better = direction
	if change < 0 {
		line.better = -direction
	}
	return line
}

// writeRanked writes a name and its counts: all, negative and their share.
func writeRanked(b *strings.Builder, name string, all, negative uint64, note string) {
	share := "-"
	if all > 0 {
		share = fmt.Sprintf("%.0f %%", 100*float64(negative)/float64(all))
	}
	line := fmt.Sprintf("  %s %9s %9s %6s", cell(name, 28), thousands(all), thousands(negative), share)
	if note != "" {
		line += "  " + text.Snip(note, tableWidth-len(line)-2, "…")
	}
	b.WriteString(line + "\n")
}

// cell is a printable name in exactly width columns.
func cell(name string, width int) string {
	name = text.Snip(printable(name), width, "…")
	return name + strings.Repeat(" ", max(0, width-text.StringWidthWithoutEscSequences(name)))
}

func writeTopics(b *strings.Builder, p paint, r *report) {
	if len(r.Topics) == 0 {
		return
	}
	writeTitle(b, p, "Worst topics", "mentions")
	for _, t := range r.Topics {
		writeRanked(b, t.Topic, t.Mentions, t.Negative, r.cost(t.Topic))
	}
}

func writeTags(b *strings.Builder, p paint, tags []clickhouse.TagStat) {
	if len(tags) == 0 {
		return
	}
	writeTitle(b, p, "Most used tags", "texts")
	for _, t := range tags {
		writeRanked(b, t.Tag, t.Mentions, t.Negative, "")
	}
}

func writeLocations(b *strings.Builder, p paint, places []clickhouse.PlaceStat) {
	if len(places) == 0 {
		return
	}
	writeTitle(b, p, "Worst locations", "scored")
	for _, l := range places {
		writeRanked(b, l.Location, l.Scored, l.Negative, printable(l.WorstTopic))
	}
}

func writeHours(b *strings.Builder, p paint, hours []clickhouse.HourStat) {
	if len(hours) == 0 {
		return
	}
	writeTitle(b, p, "Worst hours (local)", "scored")
	for _, h := range hours {
		writeRanked(b, hourWords(h.HourOfWeek), h.Scored, h.Negative, "")
	}
}

func writeTitle(b *strings.Builder, p paint, title, counted string) {
	heading := fmt.Sprintf("%-30s %9s %9s %6s", title, counted, "negative", "share")
	b.WriteString("\n" + p.bold(heading) + "\n")
}

// hourWords names an hour of the week, 0 being Monday 00:00: "Fri 18:00-19:00".
func hourWords(hour uint8) string {
	weekday := time.Weekday((int(hour)/24 + 1) % 7).String()[:3]
	return fmt.Sprintf("%s %02d:00-%02d:00", weekday, hour%24, (hour+1)%24)
}

// printNoData says that nothing is selected, and what to do about it.
func printNoData(w io.Writer, r *report, first, last time.Time) error {
	var b strings.Builder
	b.WriteString("No feedback in " + periodWords(r.Since, r.Until))
	if filters := r.filterWords(); filters != "" {
		b.WriteString(" with " + filters)
	}
	b.WriteString(".\n")
	switch {
	case first.IsZero():
		b.WriteString("Nothing is stored yet: send some with `earshot feed FILE`, or see a simulated\nchain with `earshot up --demo`. A worker must run (`earshot up` has one).\n")
	case last.Before(r.Since) || !first.Before(r.Until):
		fmt.Fprintf(&b, "The stored feedback is from %s to %s: try\n  earshot report --since %s --until %s\n",
			first.Format(time.DateOnly), last.Format(time.DateOnly), first.Format(time.DateOnly), last.Add(day).Format(time.DateOnly))
	default:
		fmt.Fprintf(&b, "The stored feedback is from %s to %s: try a longer --since or fewer filters.\n",
			first.Format(time.DateOnly), last.Format(time.DateOnly))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
