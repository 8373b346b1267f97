package main

import (
	"encoding/json"
	"fmt"
	"testing"

	"earshot/pipeline"
	"earshot/pipeline/insight"
)

// TestLiveAndAdapt stores feedback whose stars contradict the scores, then asks how
// right these were and what the model would become.
func TestLiveAndAdapt(t *testing.T) {
	a := newAnswers(t)
	var events []heard
	for i := range 40 {
		events = append(events, heard{
			daysAgo: 0.1,
			event: pipeline.Event{Source: []string{"review", "chat"}[i%2], Text: fmt.Sprintf("visit %d went as always", i),
				Rating: ptr([]float64{1, 5}[i/2%2]), Customer: &pipeline.Customer{ID: fmt.Sprint("c", i)}},
			analysis: pipeline.Analysis{Language: "en", Sentiment: pipeline.Sentiment{Label: pipeline.Neutral, Confidence: 0.9}},
		})
	}
	a.store(events...)
	var live []insight.LiveAccuracy
	if err := json.Unmarshal([]byte(a.done("model", "live", "--since", "1d", "--by", "channel", "--json")), &live); err != nil {
		t.Fatal(err)
	}
	if len(live) != 2 || live[0].Rated != 20 || live[0].Accuracy != 0 || live[0].ECE < 0.89 {
		t.Errorf("live: %+v", live)
	}
	var result adaptation
	if err := json.Unmarshal([]byte(a.done("model", "adapt", "--from-clickhouse", "--since", "1d", "--dry-run", "--json")), &result); err != nil {
		t.Fatal(err)
	}
	if result.Events != 40 || result.Report.Examples != 40 || len(result.Report.Tried) != 1 || result.File != "" {
		t.Errorf("adapt: %+v", result)
	}
}
