package server

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// maxHotTopics bounds the rows of the topic x hour heatmap.
const maxHotTopics = 40

// hotspotsBody is a heatmap with its cells judged together.
type hotspotsBody struct {
	MaxQ   float64        `json:"max_q"` // false discovery rate among the marked cells
	Topics []hotTopicBody `json:"topics"`
}

type hotTopicBody struct {
	Topic string            `json:"topic"`
	Cells []insight.HotCell `json:"cells"`
}

// hotspots answers with the complaints of each topic by hour of the day, or of one
// topic (view=week) by hour of the week, against the traffic of that hour.
func (s *server) hotspots(w http.ResponseWriter, r *http.Request) {
	body, err := s.hotspotsOf(r.Context(), r.URL.Query(), s.now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, body)
}

func (s *server) hotspotsOf(ctx context.Context, values url.Values, now time.Time) (hotspotsBody, error) {
	body := hotspotsBody{MaxQ: insight.HotQ, Topics: []hotTopicBody{}}
	view, topics, rest, err := hotView(values)
	if err != nil {
		return body, err
	}
	q, err := parseQuery(rest, nil, now)
	if err != nil {
		return body, err
	}
	cells, err := s.reader.Complaints(ctx, q.filter)
	if err != nil {
		return body, err
	}
	// Traffic is all that came in, whatever it was about.
	traffic := q.filter
	traffic.Topic, traffic.TopicSentiment, traffic.Sentiment = "", "", ""
	hours, err := s.reader.Hours(ctx, traffic)
	if err != nil {
		return body, err
	}
	names, grid := hotGrid(cells, view, q.filter.Topic, topics)
	for i, row := range insight.HotCells(grid, hotTraffic(hours, view)) {
		body.Topics = append(body.Topics, hotTopicBody{names[i], row})
	}
	return body, nil
}

const (
	dayView  = hoursOfDay
	weekView = hoursOfWeek
)

// hotView reads the parameters of this endpoint alone.
func hotView(values url.Values) (view, topics int, rest url.Values, err error) {
	view, topics, rest = dayView, 12, url.Values{}
	for name, v := range values {
		if name != "view" && name != "topics" {
			rest[name] = v
			continue
		}
		value, err := single(name, v)
		if err != nil {
			return 0, 0, nil, err
		}
		switch {
		case name == "topics":
			if topics, err = parseInt(name, value, 1, maxHotTopics); err != nil {
				return 0, 0, nil, err
			}
		case value == "week":
			view = weekView
		case value != "day":
			return 0, 0, nil, &paramError{name, "must be day or week"}
		}
	}
	if view == weekView && values.Get("topic") == "" {
		return 0, 0, nil, &paramError{"topic", "view=week shows one topic: name it"}
	}
	return view, topics, rest, nil
}

// hotGrid sums complaints by topic and hour; the topics with most of them stay. A
// week is of one topic with those below it.
func hotGrid(cells []clickhouse.ComplaintCell, view int, topic string, most int) (names []string, grid [][]int) {
	rows, total := map[string][]int{}, map[string]int{}
	for _, c := range cells {
		name := c.Topic
		if !under(name, topic) {
			continue
		}
		if view == weekView {
			name = topic
		}
		if rows[name] == nil {
			rows[name] = make([]int, view)
			names = append(names, name)
		}
		rows[name][int(c.HourOfWeek)%view] += int(c.Complaints)
		total[name] += int(c.Complaints)
	}
	slices.SortStableFunc(names, func(a, b string) int { return total[b] - total[a] })
	names = slices.DeleteFunc(names[:min(most, len(names))], func(name string) bool { return total[name] == 0 })
	for _, name := range names {
		grid = append(grid, rows[name])
	}
	return names, grid
}

func hotTraffic(hours []clickhouse.HourStat, view int) []int {
	out := make([]int, view)
	for _, h := range hours {
		out[int(h.HourOfWeek)%view] += int(h.Volume)
	}
	return out
}
