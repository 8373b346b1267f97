package pipeline

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"earshot/sentiment/lexicon"
	"earshot/sentiment/model"
)

func stars(x float64) Rating { return Rating{Stars: &x} }

func TestRatingLabel(t *testing.T) {
	n := func(x int) *int { return &x }
	for _, c := range []struct {
		rating Rating
		want   Label
		stars  float64
	}{
		{stars(5), Positive, 5}, {stars(4), Positive, 4}, {stars(3.5), Neutral, 3.5}, {stars(2), Negative, 2},
		{Rating{CSAT: n(3)}, Neutral, 3}, {Rating{CSAT: n(1), NPS: n(10)}, Negative, 1},
		{Rating{NPS: n(9)}, Positive, 4}, {Rating{NPS: n(8)}, Neutral, 3}, {Rating{NPS: n(6)}, Negative, 2}, {Rating{NPS: n(0)}, Negative, 1},
	} {
		if got, ok := c.rating.Label(); got != c.want || !ok {
			t.Errorf("%+v: %s, %v, want %s", c.rating, got, ok, c.want)
		}
		if got, ok := c.rating.onStars(); got != c.stars || !ok {
			t.Errorf("%+v: %v stars, %v, want %v", c.rating, got, ok, c.stars)
		}
	}
	if _, ok := (Rating{}).Label(); ok {
		t.Error("no rating has a label")
	}
	two := 2
	if got := RatingOf(&Event{Survey: &Survey{CSAT: &two}}); *got.CSAT != 2 {
		t.Errorf("of an event: %+v", got)
	}
}

func TestJoint(t *testing.T) {
	good, bad, open := belief{.02, .03, .95}, belief{.95, .03, .02}, lexicalBelief(Sentiment{Label: Unknown})
	for _, c := range []struct {
		name          string
		text          belief
		lexical       float64
		mixed         bool
		rating        Rating
		label         Label
		score         float64 // by hand, from the table
		contradiction bool
	}{
		{"they agree", good, .8, false, stars(5), Positive, (.95*.555 - .02*.04) / (.95*.555 + .02*.04 + .03*.13), false},
		{"a plainly bad text with five stars", bad, -.8, false, stars(5), Negative, (.02*.555 - .95*.04) / (.02*.555 + .95*.04 + .03*.13), true},
		{"a plainly good text with one", good, .8, false, stars(1), Positive, (.95*.015 - .02*.48) / (.95*.015 + .02*.48 + .03*.1), true},
		{"mixed", bad, -.8, true, stars(5), Negative, (.02*.555 - .95*.04) / (.02*.555 + .95*.04 + .03*.13), false},
		{"the lexicons see it otherwise", bad, .4, false, stars(5), Negative, (.02*.555 - .95*.04) / (.02*.555 + .95*.04 + .03*.13), false},
		{"three stars contradict nothing", bad, -.8, false, stars(3), Negative, (.02*.1 - .95*.17) / (.02*.1 + .95*.17 + .03*.4), false},
		{"the rating alone", open, 0, false, stars(5), Positive, (.555 - .04) / (.555 + .04 + .13), false},
		{"three stars alone", open, 0, false, stars(3), Neutral, (.1 - .17) / (.1 + .17 + .4), false},
		{"between two stars", open, 0, false, stars(4.5), Positive, (.4275 - .055) / (.4275 + .055 + .175), false},
	} {
		d := desk{belief: c.text, figures: lexicon.Figures{Score: c.lexical}}
		got := d.judge(Sentiment{Mixed: c.mixed}, c.rating)
		if got.Label != c.label || math.Abs(got.Score-c.score) > 1e-12 || got.Contradiction != c.contradiction {
			t.Errorf("%s: %+v, want %s %.6f %v", c.name, got, c.label, c.score, c.contradiction)
		}
	}
}

// TestBetterRatingsNeverJudgeWorse holds for any text.
func TestBetterRatingsNeverJudgeWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, 1).Draw(t, "b")
		d := desk{belief: belief{min(a, b), max(a, b) - min(a, b), 1 - max(a, b)}}
		low, high := rapid.Float64Range(1, 5).Draw(t, "low"), rapid.Float64Range(1, 5).Draw(t, "high")
		low, high = min(low, high), max(low, high)
		worse, better := d.judge(Sentiment{}, stars(low)), d.judge(Sentiment{}, stars(high))
		if worse.Score > better.Score+1e-9 {
			t.Fatalf("%v stars: %+v, %v stars: %+v", low, worse, high, better)
		}
		if s := worse.Score; math.IsNaN(s) || s < -1 || s > 1 {
			t.Fatalf("score %v", s)
		}
	})
}

// TestJointOfEvents goes the whole way, with a model and without.
func TestJointOfEvents(t *testing.T) {
	base, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	five, one, nps := 5.0, 1.0, 0
	for _, m := range []*model.Model{base, nil} {
		a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "restaurant", Model: m})
		if err != nil {
			t.Fatal(err)
		}
		const awful = "Terrible service, rude staff and horrible, disgusting food. Awful, the worst!"
		for _, c := range []struct {
			event Event
			want  Label
			flag  bool
		}{
			{Event{Text: awful, Rating: &five}, Negative, true},
			{Event{Text: awful, Rating: &one}, Negative, false},
			{Event{Text: "Wunderbar gekocht, gerne wieder bei euch", Language: "de", Rating: &five}, Positive, false},
			{Event{Survey: &Survey{NPS: &nps}}, Negative, false},
		} {
			got := a.Analyze(&c.event)
			if got.Joint.Label != c.want || got.Joint.Contradiction != c.flag || got.Judgement() != got.Joint {
				t.Errorf("%+v: %+v, want %s %v", c.event, got.Joint, c.want, c.flag)
			}
		}
		got := a.Analyze(&Event{Text: awful})
		if want := (Joint{Score: got.Sentiment.Score, Label: got.Sentiment.Label}); got.Joint != (Joint{}) || got.Judgement() != want {
			t.Errorf("without a rating: %+v, judgement %+v", got.Joint, got.Judgement())
		}
	}
}
