package server_test

import (
	"errors"
	"math"
	"net/http"
	"testing"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

type accuracyBody struct {
	All                         *liveFigures
	Channels, Languages, Groups []liveFigures
}

type liveFigures struct {
	Channel, Language string
	Rated             int
	Accuracy          float64
	Low               float64 `json:"accuracy_low"`
	High              float64 `json:"accuracy_high"`
	ECE               float64 `json:"calibration_error"`
	Confusion         [3][3]int
	Calibration       struct {
		Bins []struct {
			Count, Right int
			Confidence   float64
		}
	}
}

func TestAccuracy(t *testing.T) {
	reader := &fakeReader{t: t, live: func(f clickhouse.Filter) ([]insight.LiveCell, error) {
		if f.Location != "store-001" || f.Since.IsZero() {
			t.Errorf("asked for %+v", f)
		}
		return []insight.LiveCell{
			{Channel: "review", Language: "en", Truth: "positive", Sentiment: "positive", Bin: 13, Events: 8, Confidence: 7.2},
			{Channel: "review", Language: "de", Truth: "negative", Sentiment: "positive", Bin: 9, Events: 1, Confidence: .6},
			{Channel: "survey", Language: "en", Truth: "negative", Sentiment: "negative", Bin: 14, Events: 1, Confidence: 1},
		}, nil
	}}
	var body accuracyBody
	answer := get(newHandler(reader), "/api/v1/accuracy?location=store-001&since=30d")
	if answer.Code != http.StatusOK {
		t.Fatal(answer.Code, answer.Body)
	}
	decode(t, answer.Body.Bytes(), &body)
	all := body.All
	if all == nil || all.Rated != 10 || math.Abs(all.Accuracy-.9) > 1e-9 || !(all.Low < .9 && .9 < all.High) || all.Confusion != [3][3]int{{1, 0, 1}, {}, {0, 0, 8}} {
		t.Errorf("all: %+v", all)
	}
	if math.Abs(all.ECE-.14) > 1e-9 { // (|7.2-8| + |.6-0| + 0) / 10
		t.Errorf("calibration error %v", all.ECE)
	}
	if bins := all.Calibration.Bins; len(bins) != 15 || bins[13].Count != 8 || bins[13].Right != 8 || bins[9].Right != 0 {
		t.Errorf("bins %+v", bins)
	}
	names := func(list []liveFigures) (out []string) {
		for _, a := range list {
			out = append(out, a.Channel+"/"+a.Language)
		}
		return out
	}
	for _, c := range []struct {
		list []liveFigures
		want []string
	}{
		{body.Channels, []string{"review/", "survey/"}},
		{body.Languages, []string{"/en", "/de"}},
		{body.Groups, []string{"review/en", "review/de", "survey/en"}},
	} {
		if got := names(c.list); len(got) != len(c.want) || got[0] != c.want[0] || got[1] != c.want[1] {
			t.Errorf("groups %v, want %v", got, c.want)
		}
	}
}

func TestAccuracyOfNothing(t *testing.T) {
	none := &fakeReader{t: t, live: func(clickhouse.Filter) ([]insight.LiveCell, error) { return nil, nil }}
	if got, want := get(newHandler(none), "/api/v1/accuracy").Body.String(), `{"all":null,"channels":[],"languages":[],"groups":[]}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if answer := get(newHandler(&fakeReader{t: t}), "/api/v1/accuracy?limit=5"); answer.Code != http.StatusBadRequest {
		t.Errorf("a limit: %d", answer.Code)
	}
	broken := &fakeReader{t: t, live: func(clickhouse.Filter) ([]insight.LiveCell, error) { return nil, errors.New("broken") }}
	if answer := get(newHandler(broken), "/api/v1/accuracy"); answer.Code != http.StatusInternalServerError {
		t.Errorf("a broken store: %d", answer.Code)
	}
}
