package server

import (
	"context"
	"maps"
	"slices"
	"time"

	"earshot/sinks/clickhouse"
)

// topicTreeBody lists topics with the period of equal length before. Names with
// dots make the tree: service.speed stands below service.
type topicTreeBody struct {
	Since  *time.Time  `json:"since"` // null: from the beginning, nothing to compare with
	Until  time.Time   `json:"until"`
	Topics []topicBody `json:"topics"`
}

type topicBody struct {
	clickhouse.TopicStat
	Previous *clickhouse.TopicStat `json:"previous"` // null: not mentioned then
}

func (s *server) topicTree(ctx context.Context, q query) (any, error) {
	body := topicTreeBody{Until: q.filter.Until, Topics: []topicBody{}}
	if body.Until.IsZero() {
		body.Until = s.now().UTC()
	}
	now, err := s.reader.Topics(ctx, q.filter)
	if err != nil {
		return nil, err
	}
	earlier := map[string]*clickhouse.TopicStat{}
	if !q.filter.Since.IsZero() {
		body.Since = &q.filter.Since
		then, err := s.reader.Topics(ctx, before(q.filter, body.Until))
		if err != nil {
			return nil, err
		}
		for i := range then {
			earlier[then[i].Topic] = &then[i]
		}
	}
	for _, t := range now {
		body.Topics = append(body.Topics, topicBody{t, earlier[t.Topic]})
		delete(earlier, t.Topic)
	}
	for _, name := range slices.Sorted(maps.Keys(earlier)) { // a parent's sum lacks nothing
		body.Topics = append(body.Topics, topicBody{clickhouse.TopicStat{Topic: name}, earlier[name]})
	}
	return body, nil
}
