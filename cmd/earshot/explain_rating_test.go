package main

import (
	"encoding/json"
	"strings"
	"testing"

	"earshot/pipeline"
)

func TestExplainWithRating(t *testing.T) {
	out, _ := runCommand(t, exitDone, "", "explain", "--rating", "5", "awful service, rude staff, horrible food")
	if !strings.Contains(out, "Sentiment  negative") || !strings.Contains(out, "Joint      negative") || !strings.Contains(out, "The rating contradicts the text.") {
		t.Errorf("explain says %s", out)
	}
	out, _ = runCommand(t, exitDone, "", "explain", "--nps", "0", "--json", "awful service")
	var x pipeline.Explanation
	if err := json.Unmarshal([]byte(out), &x); err != nil || x.Joint.Label != pipeline.Negative || x.Joint.Contradiction {
		t.Errorf("%v, joint %+v", err, x.Joint)
	}
	if out, _ = runCommand(t, exitDone, "", "explain", "awful service"); strings.Contains(out, "Joint") {
		t.Errorf("a joint judgement without a rating: %s", out)
	}
	for _, args := range [][]string{{"--rating", "6"}, {"--rating", "NaN"}, {"--csat", "0"}, {"--nps", "11"}} {
		if _, errs := runCommand(t, exitUsage, "", append([]string{"explain", "fine"}, args...)...); !strings.Contains(errs, args[0]) {
			t.Errorf("%v says %s", args, errs)
		}
	}
}

// TestAnalyzeRatings reads ratings as they come in the wild.
func TestAnalyzeRatings(t *testing.T) {
	for input, want := range map[string]pipeline.Label{
		`"rating":5`:                               pipeline.Positive,
		`"rating":{"value":0,"min":0,"max":10}`:    pipeline.Negative,
		`"rating":{"value":3,"min":3,"max":3}`:     "",
		`"rating":{"value":3}`:                     "",
		`"rating":9`:                               "",
		`"rating":"five"`:                          "",
		`"rating":null`:                            "",
		`"survey":{"csat":1}`:                      pipeline.Negative,
		`"survey":{"nps":10,"csat":"no answer"}`:   "",
		`"survey":{"nps":10,"csat":9}`:             pipeline.Positive,
		`"survey":"summer"`:                        "",
		`"rating":1,"survey":{"csat":5,"nps":10}`:  pipeline.Negative,
		`"joint":{"label":"mine"},"rating":4.5`:    pipeline.Positive,
		`"joint":{"label":"positive"},"rating":12`: "",
	} {
		out, _ := runCommand(t, exitDone, `{"text":"","language":"en",`+input+"}\n", "analyze")
		var got struct{ Joint *pipeline.Joint }
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		if (got.Joint != nil) != (want != "") || got.Joint != nil && got.Joint.Label != want {
			t.Errorf("%s: %+v, want %q", input, got.Joint, want)
		}
	}
}
