package labelled

import (
	"strings"
	"testing"

	"earshot/pipeline"
)

func TestTruth(t *testing.T) {
	for _, c := range []struct {
		row  string
		want pipeline.Label
	}{
		{`"label":"negative","rating":5`, pipeline.Negative},
		{`"rating":4,"csat":1,"nps":0`, pipeline.Positive},
		{`"csat":2,"nps":10`, pipeline.Negative},
		{`"csat":3`, pipeline.Neutral},
		{`"nps":9`, pipeline.Positive},
		{`"nps":7`, pipeline.Neutral},
		{`"nps":0`, pipeline.Negative},
		{`"survey":{"csat":5,"question":"How was it?"}`, pipeline.Positive},
		{`"survey":{"nps":6}`, pipeline.Negative},
		{`"nps":10,"survey":{"nps":0}`, pipeline.Positive},
		{`"rating":null,"csat":null,"survey":null`, ""},
		{`"survey":"summer 2026"`, ""},
		{`"survey":[1]`, ""},
	} {
		rows, errs := read(t, []byte(`{"text":"a",`+c.row+`}`))
		if len(rows) != 1 || len(errs) > 0 {
			t.Errorf("%s: %d rows, %q", c.row, len(rows), errs)
			continue
		}
		if got, ok := rows[0].Truth(); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", c.row, got, ok, c.want)
		}
	}
	for row, want := range map[string]string{
		`"csat":6`: "csat 6, want 1..5", `"survey":{"nps":11}`: "nps 11, want 0..10", `"nps":"9"`: "line 1:", `"survey":{"csat":"x"}`: "line 1:",
	} {
		if _, errs := read(t, []byte(`{"text":"a",`+row+`}`)); len(errs) != 1 || !strings.Contains(errs[0], want) {
			t.Errorf("%s: errors %q, want %q", row, errs, want)
		}
	}
}
