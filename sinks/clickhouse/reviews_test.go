package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
)

// reviewed is a database of n texts, every fourth tagged service.speed; those whose
// number is a multiple of 3 do speak of it.
func reviewed(t *testing.T, n int) (*Reader, *ReviewLog) {
	t.Helper()
	url, conn := freshDatabase(t)
	records := make([]pipeline.Record, n)
	for i := range records {
		r := &records[i]
		r.Topic, r.Offset, r.Span, r.Time, r.Outcome = "feedback.events", int64(i), 1, fixtureStart(), pipeline.OutcomeEvent
		r.Event = &pipeline.Event{ID: fmt.Sprintf("e%04d", i), OccurredAt: fixtureStart(), Source: "review", Text: fmt.Sprintf("text %d: slow", i)}
		r.Analysis = pipeline.Analysis{Sentiment: pipeline.Sentiment{Label: pipeline.Neutral}, Model: modelA}
		if i%4 == 0 {
			r.Analysis.Topics = []pipeline.Mention{{Topic: "food", Sentiment: pipeline.Neutral}, {Topic: "service.speed", Sentiment: pipeline.Negative, Start: len(r.Event.Text) - 4, End: len(r.Event.Text)}}
		}
		if i%10 == 9 { // not scored: no words that a tagger reads
			r.Analysis.Sentiment.Label = pipeline.Unknown
		}
	}
	store(t, conn, records)
	log, err := OpenReviewLog(At(url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() }) // nothing is buffered
	return openReadOnly(t, url), log
}

func numberOf(t *testing.T, id string) (n int) {
	t.Helper()
	if _, err := fmt.Sscanf(id, "e%d", &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestReviewSample(t *testing.T) {
	reader, log := reviewed(t, 400)
	ctx := context.Background()
	drawn := map[string]bool{}
	for sitting := range 3 {
		texts, err := reader.ReviewSample(ctx, Filter{}, "service", true, 20)
		if err != nil || len(texts) != 20 {
			t.Fatalf("%d texts, %v", len(texts), err)
		}
		for _, x := range texts {
			n := numberOf(t, x.EventID)
			if drawn[x.EventID] || n%4 != 0 || n%10 == 9 {
				t.Errorf("sitting %d: %s", sitting, x.EventID)
			}
			drawn[x.EventID] = true
			start, end, ok := x.Mention("service")
			if !ok || x.Text[start:end] != "slow" {
				t.Errorf("%+v: %d to %d, %t", x, start, end, ok)
			}
			if _, _, ok := x.Mention("serv"); ok {
				t.Error("serv is no topic above service.speed")
			}
			err := log.Add(ctx, TopicReview{Topic: "service", EventID: x.EventID, Tagged: true, Answer: AnswerYes, Reviewer: "kim", At: fixtureStart()})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	untagged, err := reader.ReviewSample(ctx, Filter{}, "service", false, 1000)
	if err != nil || len(untagged) != 260 {
		t.Errorf("%d untagged texts, %v", len(untagged), err)
	}
	other, err := reader.ReviewSample(ctx, Filter{Location: "nowhere"}, "service", false, 1000)
	if err != nil || len(other) != 0 {
		t.Errorf("%d texts of no location, %v", len(other), err)
	}
}

func TestTopicShares(t *testing.T) {
	reader, log := reviewed(t, 400)
	ctx := context.Background()
	if shares, err := reader.TopicShares(ctx, Filter{}, ""); err != nil || len(shares) != 0 {
		t.Fatalf("%v, %v", shares, err)
	}
	truth := map[bool]string{true: AnswerYes, false: AnswerNo}
	var reviews []TopicReview
	for _, tagged := range []bool{true, false} {
		texts, err := reader.ReviewSample(ctx, Filter{}, "service.speed", tagged, 60)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range texts {
			answer := truth[numberOf(t, x.EventID)%3 == 0]
			if i == 0 { // changed his mind: the last answer counts
				wrong := truth[numberOf(t, x.EventID)%3 != 0]
				reviews = append(reviews, TopicReview{Topic: "service.speed", EventID: x.EventID, Answer: wrong, Reviewer: "kim", At: fixtureStart()})
			}
			if i == 1 {
				answer = AnswerSkip
			}
			reviews = append(reviews, TopicReview{Topic: "service.speed", EventID: x.EventID, Answer: answer, Reviewer: "kim", At: fixtureStart().Add(time.Second)})
		}
	}
	missing, err := reader.Fill(ctx, reviews)
	if err != nil || len(missing) != 0 {
		t.Fatal(missing, err)
	}
	if err := log.Add(ctx, reviews...); err != nil {
		t.Fatal(err)
	}
	shares, err := reader.TopicShares(ctx, Filter{}, "")
	if err != nil || len(shares) != 1 {
		t.Fatalf("%v, %v", shares, err)
	}
	s := shares[0]
	if s.Texts != 360 || s.TaggedTexts != 100 || s.TaggedReviewed != 59 || s.UntaggedReviewed != 59 || s.OtherVersion {
		t.Errorf("%+v", s)
	}
	// A third of the texts speak of it, tagged or not.
	if s.Corrected == nil || s.Corrected.Low > 1./3 || s.Corrected.High < 1./3 || math.Abs(s.Tagged-100./360) > 1e-9 {
		t.Errorf("%+v", s.Estimate)
	}
	none, err := reader.TopicShares(ctx, Filter{Location: "nowhere"}, "service.speed")
	if err != nil || len(none) != 1 || none[0].Texts != 0 || none[0].Corrected != nil {
		t.Errorf("nothing selected: %+v, %v", none, err)
	}
	if other, err := reader.TopicShares(ctx, Filter{}, "food"); err != nil || len(other) != 0 {
		t.Errorf("%v, %v", other, err)
	}
}

func TestFillTellsWhatIsMissing(t *testing.T) {
	reader, _ := reviewed(t, 8)
	reviews := []TopicReview{{Topic: "service", EventID: "e0004"}, {Topic: "service", EventID: "it's"}, {Topic: "service", EventID: "e0001"}}
	missing, err := reader.Fill(context.Background(), reviews)
	if err != nil || strings.Join(missing, " ") != "it's" {
		t.Errorf("%q, %v", missing, err)
	}
	if !reviews[0].Tagged || reviews[2].Tagged || reviews[0].Tagger != "restaurant@aaaaaaaa" {
		t.Errorf("%+v", reviews)
	}
}

func TestShareOf(t *testing.T) {
	counts := []ReviewCount{
		{"a", "old", true, 5, 5, 0}, {"a", "old", false, 1, 9, 0},
		{"a", "new", true, 8, 2, 3}, {"a", "new", false, 0, 10, 0},
	}
	for name, c := range map[string]struct {
		taggers []string
		yes     uint64
		other   bool
	}{
		"one of them":      {[]string{"new"}, 8, false},
		"both":             {[]string{"new", "old"}, 13, false},
		"one, and another": {[]string{"new", "newest"}, 8, true},
		"none of them":     {[]string{"newest"}, 13, true},
		"no texts":         {nil, 13, false},
	} {
		taggers := map[string]bool{}
		for _, x := range c.taggers {
			taggers[x] = true
		}
		if s := shareOf(counts, taggers); s.TaggedYes != c.yes || s.OtherVersion != c.other {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// An answer sent again changes nothing; one that is taken back leaves the text open.
func TestJudgeIsIdempotent(t *testing.T) {
	reader, log := reviewed(t, 40)
	ctx := context.Background()
	plan := ReviewPlan{Topic: "service", Sample: 10, TaggedShare: .5}
	before, err := reader.ReviewQueue(ctx, Filter{}, plan)
	if err != nil || len(before.Texts) != 10 || before.Answered != 0 {
		t.Fatalf("%+v, %v", before, err)
	}
	first := before.Texts[0]
	at := fixtureStart()
	say := func(answer string) (rows uint64) {
		t.Helper()
		at = at.Add(time.Second)
		if err := log.Judge(ctx, TopicReview{Topic: "service", EventID: first.EventID, Answer: answer, Reviewer: "kim", At: at}); err != nil {
			t.Fatal(err)
		}
		if err := log.conn.QueryRow(ctx, "SELECT count() FROM topic_reviews").Scan(&rows); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	for i, c := range []struct {
		answer string
		rows   uint64
	}{{AnswerUndone, 0}, {AnswerYes, 1}, {AnswerYes, 1}, {AnswerNo, 2}, {AnswerUndone, 3}, {AnswerUndone, 3}, {AnswerNo, 4}, {AnswerUndone, 5}} {
		if rows := say(c.answer); rows != c.rows {
			t.Errorf("step %d, %s: %d rows, expected %d", i, c.answer, rows, c.rows)
		}
	}
	after, err := reader.ReviewQueue(ctx, Filter{}, plan)
	if err != nil || after.Answered != 0 || len(after.Texts) != 10 || after.Texts[0].EventID != first.EventID {
		t.Errorf("after taking it back: %+v, %v", after, err)
	}
	say(AnswerYes)
	if after, err = reader.ReviewQueue(ctx, Filter{}, plan); err != nil || after.Answered != 1 || len(after.Texts) != 9 {
		t.Errorf("after an answer: %+v, %v", after, err)
	}
	if err := log.Judge(ctx, TopicReview{Topic: "service", EventID: "nobody", Answer: AnswerYes, At: at}); !errors.Is(err, ErrNoEvent) {
		t.Errorf("an unknown event: %v", err)
	}
}
