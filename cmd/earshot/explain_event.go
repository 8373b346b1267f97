package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// storedExplanation is how an explanation compares with what is stored.
type storedExplanation struct {
	EventID string `json:"event_id"`
	clickhouse.StoredScore
	Same    bool     `json:"same"`    // bit for bit
	Differs []string `json:"differs"` // what is not
}

// eventToExplain reads a stored event.
func (p *program) eventToExplain(cmd *cobra.Command, id string) (e *pipeline.Event, hour uint8, score clickhouse.StoredScore, err error) {
	reader, err := p.reader(cmd)
	if err != nil {
		return nil, 0, score, err
	}
	defer func() { _ = reader.Close() }() // it only reads
	e, hour, score, err = reader.Event(cmd.Context(), id)
	if errors.Is(err, clickhouse.ErrNoEvent) {
		return nil, 0, score, usagef("--event %w", err)
	}
	return e, hour, score, readError(err)
}

// explainEvent explains a stored event by the model that scored it, unless another
// one is asked for.
func (p *program) explainEvent(cmd *cobra.Command, id string, tools analysisFlags) (explanation, error) {
	e, hour, score, err := p.eventToExplain(cmd, id)
	if err != nil {
		return explanation{}, err
	}
	if tools.model == "" {
		tools.model = scoredModel(score.Model)
	}
	analyzer, places, err := p.analyzer(cmd, tools)
	if errors.Is(err, clickhouse.ErrNoArtefact) {
		return explanation{}, fmt.Errorf("event %s was scored by %s, a model that neither this release ships nor the table models holds: take the release that shipped it, or `earshot explain --event %s --model auto`, which compares with the version in place", id, tools.model, id)
	}
	if err != nil {
		return explanation{}, fmt.Errorf("event %s: %w", id, err)
	}
	e.OccurredAt = storedTime(e.OccurredAt, hour, places.ZoneOf(e.Location))
	x := explanation{Explanation: analyzer.Explain(e)}
	if x.Language != score.Language { // the event named it
		e.Language = score.Language
		x.Explanation = analyzer.Explain(e)
	}
	x.Stored = compareStored(id, score, &x.Analysis)
	return x, nil
}

// differs is the error of an explanation that is not that of what is stored.
func (s *storedExplanation) differs() error {
	if s == nil || s.Same {
		return nil
	}
	return checkFailedf("event %s: %s differ from what is stored: taxonomy, lexicons, topics model or program are not those that scored it (%s)",
		s.EventID, strings.Join(s.Differs, ", "), s.Model)
}

// scoredModel is the name of the sentiment model in a version of everything.
func scoredModel(versions string) string {
	first, _, _ := strings.Cut(versions, " ")
	if version, ok := strings.CutPrefix(first, "learned@"); ok {
		return version
	}
	return "vader"
}

// compareStored compares what is stored with what the analysis says now.
func compareStored(id string, stored clickhouse.StoredScore, now *pipeline.Analysis) *storedExplanation {
	s := &storedExplanation{EventID: id, StoredScore: stored, Differs: []string{}}
	topics := make([]string, len(now.Topics))
	for i, m := range now.Topics {
		topics[i] = m.Topic
	}
	for _, c := range []struct {
		name string
		same bool
	}{
		{"sentiment", stored.Sentiment == string(now.Sentiment.Label)},
		{"score", stored.Score == float32(now.Sentiment.Score)},
		{"confidence", stored.Confidence == float32(now.Sentiment.Confidence)},
		{"compound", stored.Compound == float32(now.Vader.Compound)},
		{"language", stored.Language == now.Language},
		{"topics", slices.Equal(stored.Topics, topics)},
		{"contexts", slices.Equal(stored.Contexts, now.Contexts)},
		{"intents", slices.Equal(stored.Intents, now.Intents)},
		{"model", stored.Model == now.Model},
	} {
		if !c.same {
			s.Differs = append(s.Differs, c.name)
		}
	}
	s.Same = len(s.Differs) == 0
	return s
}

// explainStored tells how the explanation compares with what is stored.
func explainStored(b *strings.Builder, s *storedExplanation) {
	if s == nil {
		return
	}
	fmt.Fprintf(b, "Stored     %s, score %+.4f, confidence %.2f: ", s.Sentiment, s.Score, s.Confidence)
	if s.Same {
		b.WriteString("the same, bit for bit\n")
		return
	}
	fmt.Fprintf(b, "%s differ\n", strings.Join(s.Differs, ", "))
}
