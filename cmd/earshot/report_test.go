package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// storeChain stores a period with two locations and the period before it.
func storeChain(a *answers) {
	var feedback []heard
	for i := range 40 {
		answered := answersNow().Add(time.Duration(i) * time.Minute)
		opened := answersNow()
		f := heard{daysAgo: float64(i%10) + .5, analysis: tone(pipeline.Positive, "food.taste")}
		f.event = pipeline.Event{
			Location: "store-001", Survey: &pipeline.Survey{CSAT: ptr(5), NPS: ptr(10), CES: ptr(6)}, Rating: ptr(4.5),
			Contact: &pipeline.Contact{OpenedAt: &opened, FirstResponseAt: &answered},
		}
		if i%2 == 0 {
			f.event.Location, f.analysis = "store-\x1b[31m002", tone(pipeline.Negative, "service.speed")
			f.event.Survey = &pipeline.Survey{CSAT: ptr(2), NPS: ptr(3)}
		}
		feedback = append(feedback, f, heard{daysAgo: 15, event: pipeline.Event{Location: "store-001"}, analysis: tone(pipeline.Positive)})
	}
	// Three complaints out of three must not outrank twenty out of twenty.
	for range 3 {
		feedback = append(feedback, heard{daysAgo: 1, event: pipeline.Event{Location: "store-003"}, analysis: tone(pipeline.Negative, "price")})
	}
	a.store(feedback...)
}

func TestReport(t *testing.T) {
	a := newAnswers(t)
	storeChain(a)
	got := a.done("report", "--since", "10d")
	want := `Feedback report  2026-06-23 12:00 to 2026-07-03 12:00 UTC (10 d)
change against 2026-06-13 12:00 to 2026-06-23 12:00 UTC (10 d)

  Volume                           43  +7.5 %
  Net sentiment                  -7.0  -107.0         43 scored
  CSAT                         50.0 %                 40 answers
  NPS                            +0.0                 40 answers
  CES (1 hard, 7 easy)           6.00                 20 answers
  Rating (of 5)                  4.50                 40 ratings
  Median first response        19 min                 40 threads

Trend  2026-06-23 to 2026-07-03, a bar is a day
  volume ▁▅▅▅▅▅▅▅▅█▅  0 to 7 a day
  net     █▁█▁█▁█▁▅▁  -100 to +100

Worst topics                    mentions  negative  share
  service.speed                       20        20  100 %  costs 100.0 NPS
`
	if diff := cmp.Diff(want, got[:min(len(got), len(want))]); diff != "" {
		t.Errorf("(-want +got)\n%s\nall of it:\n%s", diff, got)
	}
	for _, line := range strings.Split(got, "\n") {
		if utf8.RuneCountInString(line) > tableWidth {
			t.Errorf("wider than %d columns: %q", tableWidth, line)
		}
	}
	if strings.Contains(got, "\x1b") {
		t.Error("an escape sequence, though this is no terminal")
	}
	if i, j := strings.Index(got, "Worst locations"), strings.Index(got, "store- [31m002"); i < 0 || j < i {
		t.Errorf("the worst location is missing:\n%s", got)
	}
}

func TestReportJSON(t *testing.T) {
	a := newAnswers(t)
	storeChain(a)
	var r report
	if err := json.Unmarshal([]byte(a.done("report", "--since", "10d", "--location", "store-001", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Current.Volume != 20 || r.Previous == nil || r.Previous.Volume != 40 || len(r.Trend) != 11 || r.Location != "store-001" ||
		*r.Current.NPS != 100 || len(r.Hours) != 0 || r.Hours == nil || r.Trend[0].NetSentiment != nil {
		t.Errorf("%+v", r)
	}
	if err := json.Unmarshal([]byte(a.done("report", "--topic", "service", "--source", "review", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Current.Volume != 20 || r.Topics[0].Topic != "service.speed" || r.Tags[0].Tag != "about service.speed" || r.Locations[0].WorstTopic != "service.speed" {
		t.Errorf("%+v", r)
	}
}

func TestReportOfNothing(t *testing.T) {
	a := newAnswers(t)
	if got := a.done("report"); !strings.Contains(got, "Nothing is stored yet") || !strings.Contains(got, "earshot feed") {
		t.Errorf("empty: %s", got)
	}
	a.store(heard{daysAgo: 400, analysis: tone(pipeline.Positive)})
	if got := a.done("report"); !strings.Contains(got, "earshot report --since 2025-05-29 --until 2025-05-30") {
		t.Errorf("too late: %s", got)
	}
	if got := a.done("report", "--since", "500d", "--location", "nowhere"); !strings.Contains(got, "with location nowhere") || !strings.Contains(got, "fewer filters") {
		t.Errorf("filtered away: %s", got)
	}
	if got := a.done("report", "--since", "2025-05-29", "--until", "2025-05-30"); !strings.Contains(got, "Volume                            1") {
		t.Errorf("as it said: %s", got)
	}
}

func TestReportMistakes(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"report", "--since", "soon"}, exitUsage, "--since"},
		{[]string{"report", "--since", "1d", "--until", "2d"}, exitUsage, "not before"},
		{[]string{"report", "--source", "fax"}, exitUsage, "survey"},
		{[]string{"report"}, exitUnreachable, "earshot up"},
		{[]string{"report", "--clickhouse", "clickhouse://127.0.0.1:1/earshot"}, exitUnreachable, "earshot doctor"},
		{[]string{"followups", "list", "--format", "xml"}, exitUsage, "table, json or csv"},
		{[]string{"followups", "list", "--limit", "0"}, exitUsage, "--limit"},
		{[]string{"followups", "export", "--format", "table"}, exitUsage, "csv or jsonl"},
		{[]string{"followups", "export", "--format", "jsonl", "--bom"}, exitUsage, "--bom"},
		{[]string{"followups", "list", "--since", "x"}, exitUsage, "--since"},
		{[]string{"followups", "export", "--limit", "-1"}, exitUsage, "--limit"},
		{[]string{"deadletters", "show", "1/2"}, exitUsage, "TOPIC/PARTITION/OFFSET"},
		{[]string{"deadletters", "show", "t/-1/2"}, exitUsage, "TOPIC/PARTITION/OFFSET"},
		{[]string{"deadletters", "list", "--json", "--format", "csv"}, exitUsage, "exclude"},
		{[]string{"audit", "--clickhouse", "clickhouse://127.0.0.1:1/earshot"}, exitUnreachable, "earshot doctor"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			code, stdout, stderr := call(t, c.args...)
			if code != c.code || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 || stdout != "" {
				t.Errorf("exit code %d, stdout %q, stderr %q", code, stdout, stderr)
			}
		})
	}
}

func TestWilsonLower(t *testing.T) {
	// Values of the interval from R: binom::binom.wilson.
	for _, c := range []struct {
		hits, of uint64
		want     float64
	}{{0, 0, 0}, {0, 10, 0}, {3, 3, .4385}, {90, 100, .8256}, {5, 8, .3057}, {10, 10, .7225}} {
		if got := wilsonLower(c.hits, c.of); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("%d of %d: %.4f, want %.4f", c.hits, c.of, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.Uint64Range(1, 1e6).Draw(t, "of")
		hits := rapid.Uint64Range(0, of).Draw(t, "hits")
		if got := wilsonLower(hits, of); got < 0 || got > float64(hits)/float64(of) {
			t.Fatalf("%d of %d: %v", hits, of, got)
		}
	})
}

func TestWorstLeavesOutSmallCounts(t *testing.T) {
	hours := []clickhouse.HourStat{{HourOfWeek: 1, Scored: 3, Negative: 3}, {HourOfWeek: 2, Scored: 90, Negative: 30}, {HourOfWeek: 3, Scored: 80}, {HourOfWeek: 4, Scored: 90, Negative: 40}}
	got := worst(hours, func(h clickhouse.HourStat) uint64 { return h.Scored },
		func(h clickhouse.HourStat) float64 { return wilsonLower(h.Negative, h.Scored) })
	if len(got) != 2 || got[0].HourOfWeek != 4 || got[1].HourOfWeek != 2 {
		t.Errorf("%+v", got)
	}
}

func TestSparkline(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{nil, ""}, {[]float64{3, 3}, "▁▁"}, {[]float64{0, 7, math.NaN(), 3.5}, "▁█ ▅"}, {[]float64{-100, 100}, "▁█"},
	} {
		if got := sparkline(c.values); got != c.want {
			t.Errorf("%v: %q, want %q", c.values, got, c.want)
		}
	}
}

func TestHourWords(t *testing.T) {
	for hour, want := range map[uint8]string{0: "Mon 00:00-01:00", 4*24 + 18: "Fri 18:00-19:00", 167: "Sun 23:00-00:00"} {
		if got := hourWords(hour); got != want {
			t.Errorf("%d: %q, want %q", hour, got, want)
		}
	}
}

func TestSpanText(t *testing.T) {
	for span, want := range map[time.Duration]string{
		0: "0 s", 300 * time.Millisecond: "0 s", 45 * time.Second: "45 s", 296 * time.Second: "4 min 56 s", 2*time.Hour + 14*time.Minute: "2 h 14 min",
		12*time.Hour + time.Minute: "12 h", 27 * time.Hour: "1 d 3 h", 30 * day: "30 d",
	} {
		if got := spanText(span); got != want {
			t.Errorf("%v: %q, want %q", span, got, want)
		}
	}
}

func TestPaint(t *testing.T) {
	if got := (paint{}).bad("x"); got != "x" {
		t.Errorf("%q", got)
	}
	if got := (paint{on: true}).bad("x"); got != "\x1b[31mx\x1b[0m" {
		t.Errorf("%q", got)
	}
}
