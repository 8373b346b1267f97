package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// replaySummary counts the letters of a replay; its JSON form is that of --json.
type replaySummary struct {
	Selected       int            `json:"selected"`        // that the flags select
	ReplayedBefore int            `json:"replayed_before"` // left out
	UnderWay       int            `json:"under_way"`       // left out: sent before and not read by a worker yet
	OverLimit      int            `json:"over_limit"`      // left out by --limit
	LeftOut        int            `json:"left_out"`        // by --passing
	TooLong        int            `json:"too_long"`        // for the topic
	Sent           int            `json:"sent"`
	Outcomes       map[string]int `json:"outcomes"`       // of those sent: event, duplicate, dead
	DeadReasons    map[string]int `json:"dead_reasons"`   // of those dead again
	NotStoredYet   int            `json:"not_stored_yet"` // sent, but no worker has stored it
}

func newReplaySummary() *replaySummary {
	return &replaySummary{Outcomes: map[string]int{}, DeadReasons: map[string]int{}}
}

// outcomes counts anew what became of the letters sent; before is how often
// each had been replayed until then.
func (s *replaySummary) outcomes(keys []clickhouse.DeadLetterKey, before map[pipeline.Position]uint64) {
	clear(s.Outcomes)
	clear(s.DeadReasons)
	stored := 0
	for _, k := range keys {
		was, ours := before[k.Position()]
		if !ours || k.Replays <= was {
			continue
		}
		stored++
		s.Outcomes[k.LastOutcome]++
		if k.LastOutcome == string(pipeline.OutcomeDead) {
			s.DeadReasons[k.LastReason]++
		}
	}
	s.NotStoredYet = len(before) - stored
}

func (s *replaySummary) print(w io.Writer, format string) error {
	if format == formatJSON {
		return printJSON(w, s)
	}
	line := func(n int, words string) {
		if n > 0 {
			fmt.Fprintf(w, "%9s %s\n", thousands(n), words)
		}
	}
	fmt.Fprintf(w, "%9s dead letters selected\n", thousands(s.Selected))
	line(s.ReplayedBefore, "were replayed before and are left out; --again sends them, too")
	line(s.UnderWay, "were sent by an earlier replay and wait for a worker: left out")
	line(s.OverLimit, "left out by --limit")
	line(s.LeftOut, "would be refused again: left out by --passing")
	line(s.TooLong, "are longer than the events topic takes: not sent")
	fmt.Fprintf(w, "%9s sent\n", thousands(s.Sent))
	line(s.Outcomes[string(pipeline.OutcomeEvent)], "are events now")
	line(s.Outcomes[string(pipeline.OutcomeDuplicate)], "are duplicates of stored events")
	if dead := s.Outcomes[string(pipeline.OutcomeDead)]; dead > 0 {
		line(dead, "are dead again: "+countsInWords(s.DeadReasons))
	}
	line(s.NotStoredYet, "are not stored yet: is a worker running? `earshot deadletters list --replayed` will show them")
	return nil
}

// countsInWords writes "bad_json 3, too_large 1", the most frequent first.
func countsInWords(counts map[string]int) string {
	names := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(names, func(a, b string) int { return counts[b] - counts[a] })
	for i, name := range names {
		names[i] = printable(name) + " " + thousands(counts[name])
	}
	return strings.Join(names, ", ")
}

// preview is what a dry run says of one letter.
type preview struct {
	Position string `json:"position"`
	Bytes    uint64 `json:"bytes"`
	Reason   string `json:"reason"` // why it was refused
	Now      string `json:"now"`    // event, or why it would be refused now
	Detail   string `json:"detail"`
	EventID  string `json:"event_id"`
}

// shownPreviews bounds the table of a dry run.
const shownPreviews = 50

// dryRun says which letters would be sent and whether they would pass now.
func (r *replayer) dryRun(ctx context.Context, w io.Writer, format string) error {
	s := newReplaySummary()
	chosen, err := r.choose(ctx, s)
	if err != nil {
		return readError(err)
	}
	previews, now := []preview{}, map[string]int{}
	for _, group := range replayGroups(chosen) {
		letters, err := r.read(ctx, group)
		if err != nil {
			return readError(err)
		}
		for i := range letters {
			v := r.preview(&letters[i])
			now[v.Now]++
			if r.passing && v.Now != string(pipeline.OutcomeEvent) {
				s.LeftOut++
			} else if format != formatTable || len(previews) < shownPreviews {
				previews = append(previews, v)
			}
		}
	}
	switch format {
	case formatJSON:
		return printJSON(w, map[string]any{"selected": s.Selected, "replayed_before": s.ReplayedBefore, "under_way": s.UnderWay,
			"over_limit": s.OverLimit, "left_out": s.LeftOut, "would_send": len(chosen) - s.LeftOut, "now": now, "letters": previews})
	case formatTable:
		if len(chosen) == 0 {
			return s.print(w, format)
		}
	}
	if err := printListing(w, format, previewColumns(), previews); err != nil || format != formatTable {
		return err
	}
	if n := len(chosen) - s.LeftOut; n > len(previews) {
		fmt.Fprintf(w, "… and %s more; --json lists all.\n", thousands(n-len(previews)))
	}
	_, err = fmt.Fprintf(w, "\nOf %s dead letters %s would be sent (%s were replayed before, %s are under way). Now: %s.\nNothing was sent.\n",
		thousands(s.Selected), thousands(len(chosen)-s.LeftOut), thousands(s.ReplayedBefore), thousands(s.UnderWay), countsInWords(now))
	return err
}

// preview decodes a letter as a worker of this version would.
func (r *replayer) preview(l *clickhouse.DeadLetterPayload) preview {
	m := l.Message()
	v := preview{Position: m.Position.Path(), Bytes: l.Bytes, Reason: l.Reason, Now: string(pipeline.OutcomeEvent)}
	event, reject := pipeline.Decode(m, r.now())
	if reject != nil {
		v.Now, v.Detail = string(reject.Reason), reject.Detail
	} else {
		v.EventID = event.ID
	}
	return v
}

func previewColumns() []column[preview] {
	return []column[preview]{
		{name: "position", value: func(v preview) string { return v.Position }},
		{name: "bytes", right: true, value: func(v preview) string { return strconv.FormatUint(v.Bytes, 10) }},
		{name: "reason", value: func(v preview) string { return v.Reason }},
		{name: "now", value: func(v preview) string { return v.Now }},
		{name: "detail", flex: true, value: func(v preview) string { return v.Detail }},
	}
}

// replayProgress shows how many letters are sent: a bar on a terminal,
// elsewhere a line every few seconds.
type replayProgress struct {
	w      io.Writer
	total  int
	bar    *progressbar.ProgressBar
	spoken time.Time
}

func newReplayProgress(w io.Writer) *replayProgress { return &replayProgress{w: w} }

func (p *replayProgress) start(total int) {
	p.total, p.spoken = total, time.Now()
	if _, tty := terminal(p.w); tty && total > 0 {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription("replaying"),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true),
			progressbar.OptionFullWidth(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
}

func (p *replayProgress) at(sent int) {
	switch {
	case p.bar != nil:
		_ = p.bar.Set(sent) // drawing only
	case time.Since(p.spoken) >= progressEvery:
		p.spoken = time.Now()
		fmt.Fprintf(p.w, "sent %s of %s\n", thousands(sent), thousands(p.total))
	}
}

func (p *replayProgress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish() // drawing only
	}
}
