package insight

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

const (
	trendTopics = 15
	trendPlaces = 20
)

// quietTrends draws complaints by topic and place in blocks of six hours over
// ten weeks, and the feedback of each place; weeks differ by the weather.
type quietTrends struct {
	complaints [trendTopics][trendPlaces][]int
	feedback   [trendPlaces][]int
}

const blocksOfWeek = 28

func newQuietTrends(seed uint64) *quietTrends {
	rng := rand.New(rand.NewPCG(seed, 3))
	q := new(quietTrends)
	for block := range 10 * blocksOfWeek {
		weather := 0.85 + 0.3*rng.Float64()
		for p := range trendPlaces {
			traffic := (4 + float64(p)) * weather * curve(6*block+3)
			comments := poisson(rng, traffic)
			for topic := range trendTopics {
				n := poisson(rng, float64(comments)*0.02*float64(topic%5+1)/3)
				q.complaints[topic][p] = append(q.complaints[topic][p], n)
			}
			q.feedback[p] = append(q.feedback[p], comments)
		}
	}
	return q
}

// cells sums the blocks before now, which lies in the last week.
func (q *quietTrends) cells(now, blocks int) []CellCounts {
	var out []CellCounts
	var all CellCounts
	chain := make([]CellCounts, trendTopics)
	for p := range trendPlaces {
		var traffic [TrendWeeks + 1]int
		for w := range traffic {
			traffic[w] = sumBefore(q.feedback[p], now-w*blocksOfWeek, blocks)
			all.Feedback[w] += traffic[w]
		}
		for topic := range trendTopics {
			c := CellCounts{Cell: Cell{Topic: fmt.Sprint("t", topic), Location: fmt.Sprint("p", p)}, Feedback: traffic}
			for w := range c.Complaints {
				c.Complaints[w] = sumBefore(q.complaints[topic][p], now-w*blocksOfWeek, blocks)
				chain[topic].Complaints[w] += c.Complaints[w]
			}
			out = append(out, c)
		}
	}
	for topic, c := range chain {
		c.Topic, c.Feedback = fmt.Sprint("t", topic), all.Feedback
		out = append(out, c)
	}
	return out
}

func sumBefore(counts []int, end, blocks int) (n int) {
	for i := max(0, end-blocks); i < end; i++ {
		n += counts[i]
	}
	return n
}

// look runs both rules at every block of the last week.
func (q *quietTrends) look(found func(Signal) bool) {
	start := monday
	for block := 9 * blocksOfWeek; block <= 10*blocksOfWeek; block++ {
		until := start.Add(time.Duration(block) * 6 * time.Hour)
		for kind, blocks := range map[AlertKind]int{KindSpike: 4, KindRising: blocksOfWeek} {
			for _, s := range Trends(kind, q.cells(block, blocks), until.Add(-time.Duration(blocks)*6*time.Hour), until) {
				if !found(s) {
					return
				}
			}
		}
	}
}

func TestQuietWeeksRaiseNoTrend(t *testing.T) {
	alarmed := 0
	const weeks = 30
	for seed := range uint64(weeks) {
		newQuietTrends(seed).look(func(s Signal) bool {
			alarmed++
			t.Logf("seed %d: %+v", seed, s)
			return false
		})
	}
	if float64(alarmed) > 0.05*weeks {
		t.Fatalf("%d of %d quiet weeks had an alert", alarmed, weeks)
	}
}

func TestPlantedTrendIsFoundWhereItIs(t *testing.T) {
	missed, strayed := 0, 0
	const runs = 12
	for seed := range uint64(runs) {
		q := newQuietTrends(100 + seed)
		// Twenty more than the two or three that are usual, on one day.
		for block := 9*blocksOfWeek + 8; block < 9*blocksOfWeek+12; block++ {
			q.complaints[4][15][block] += 5
		}
		hit := false
		q.look(func(s Signal) bool {
			if s.Cell.Topic != "t4" {
				strayed++
			} else if s.Cell.Location == "p15" {
				hit = true
				return false
			}
			return true
		})
		if !hit {
			missed++
		}
	}
	if missed > 1 || strayed > 1 {
		t.Fatalf("%d of %d planted bursts missed, %d alerts about something else", missed, runs, strayed)
	}
}

// Twice the visitors bring twice the complaints: no alert. And who has no past
// has nothing usual yet.
func TestTrafficIsNoTrend(t *testing.T) {
	cell := CellCounts{Cell: Cell{Topic: "service.speed"}}
	for w := range cell.Complaints {
		cell.Complaints[w], cell.Feedback[w] = 50, 1000
	}
	cell.Complaints[0], cell.Feedback[0] = 150, 3000
	if got := Trends(KindSpike, []CellCounts{cell}, monday, monday); len(got) != 0 {
		t.Fatalf("a busy day is an alert: %+v", got)
	}
	cell.Feedback[0] = 1100
	if got := Trends(KindSpike, []CellCounts{cell}, monday, monday); len(got) != 1 || got[0].Q > 0.01 {
		t.Fatalf("three times the complaints are none: %+v", got)
	}
	fresh := CellCounts{Cell: cell.Cell}
	fresh.Complaints[0], fresh.Feedback[0] = 150, 1000
	if got := Trends(KindSpike, []CellCounts{fresh}, monday, monday); len(got) != 0 {
		t.Fatalf("an alert without history: %+v", got)
	}
}
