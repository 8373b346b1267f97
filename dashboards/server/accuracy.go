package server

import (
	"context"

	"earshot/pipeline/insight"
)

// accuracyBody tells how right the scores are, by the ratings that came with the texts.
type accuracyBody struct {
	All       *insight.LiveAccuracy  `json:"all"` // null: nothing was rated
	Channels  []insight.LiveAccuracy `json:"channels"`
	Languages []insight.LiveAccuracy `json:"languages"`
	Groups    []insight.LiveAccuracy `json:"groups"` // by channel and language
}

// accuracy sums up the same counts in four ways; most rated first in each.
func (s *server) accuracy(ctx context.Context, q query) (any, error) {
	cells, err := s.reader.Live(ctx, q.filter)
	if err != nil {
		return nil, err
	}
	body := accuracyBody{
		Channels:  insight.Live(cells, true, false),
		Languages: insight.Live(cells, false, true),
		Groups:    insight.Live(cells, true, true),
	}
	if all := insight.Live(cells, false, false); len(all) > 0 {
		body.All = &all[0]
	}
	return body, nil
}
