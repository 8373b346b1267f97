package server

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/review"
	"earshot/sinks/clickhouse"
)

// How large a sample the page asks for, and how much of it at once.
const (
	minSample   = 2
	maxSample   = 1000
	textsAtOnce = 20
)

// reviewBody is what is left of a topic's sample; the terminal asks for the same.
type reviewBody struct {
	Topic    string       `json:"topic"` // "": the samples of all topics are complete, or there is none
	Sample   int          `json:"sample"`
	Answered int          `json:"answered"` // with yes or no
	Left     int          `json:"left"`     // texts to answer, those of this answer included
	Writable bool         `json:"writable"` // answers are taken here
	Message  string       `json:"message,omitempty"`
	Texts    []reviewText `json:"texts"`
}

// reviewText is a text to answer. Whether it carries the tag is told by the mention
// alone, which the page may hide.
type reviewText struct {
	EventID    string    `json:"event_id"`
	OccurredAt time.Time `json:"occurred_at"`
	Source     string    `json:"source"`
	Location   string    `json:"location"`
	Text       string    `json:"text"`
	Mention    *mention  `json:"mention"` // null: none
}

// mention is a place in a text, in bytes.
type mention struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// topicShares answers with what people's answers say of the topics.
func (s *server) topicShares(ctx context.Context, q query) (any, error) {
	if err := checkReviewFilter(q.filter); err != nil {
		return nil, err
	}
	shares, err := s.reader.TopicShares(ctx, q.filter, "")
	if err != nil {
		return nil, err
	}
	return map[string][]clickhouse.TopicShare{"topics": orEmpty(shares)}, nil
}

// reviewSample answers with the next texts of a topic's sample.
func (s *server) reviewSample(w http.ResponseWriter, r *http.Request) {
	filter, topic, sample, err := parseReviewQuery(r.URL.Query(), s.now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	body := reviewBody{Topic: topic, Sample: sample, Texts: []reviewText{}}
	body.Message = s.answers.refusal(r)
	body.Writable = body.Message == ""
	if body.Topic == "" {
		if body.Topic, _, err = s.reader.NextReviewTopic(r.Context(), filter, sample); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	if body.Topic != "" {
		queue, err := s.reader.ReviewQueue(r.Context(), filter, clickhouse.ReviewPlan{Topic: body.Topic, Sample: sample, TaggedShare: review.DefaultTaggedShare})
		if err != nil {
			s.fail(w, r, err)
			return
		}
		body.Answered, body.Left = queue.Answered, len(queue.Texts)
		for i := range queue.Texts[:min(len(queue.Texts), textsAtOnce)] {
			body.Texts = append(body.Texts, newReviewText(&queue.Texts[i], body.Topic))
		}
	}
	writeJSON(w, http.StatusOK, body)
}

func newReviewText(t *clickhouse.ReviewText, topic string) reviewText {
	out := reviewText{EventID: t.EventID, OccurredAt: t.OccurredAt, Source: t.Source, Location: t.Location, Text: t.Text}
	if start, end, ok := t.Mention(topic); ok {
		out.Mention = &mention{start, end}
	}
	return out
}

// parseReviewQuery reads the topic, the sample's size and the filter. Without a
// topic the next one is taken.
func parseReviewQuery(values url.Values, now time.Time) (f clickhouse.Filter, topic string, sample int, err error) {
	rest, sample := url.Values{}, review.DefaultSample
	for name, v := range values {
		if name != "topic" && name != "sample" {
			rest[name] = v
			continue
		}
		value, err := single(name, v)
		if err == nil && name == "sample" {
			sample, err = parseInt(name, value, minSample, maxSample)
		}
		if err == nil && name == "topic" {
			topic, err = value, checkTopicName(value)
		}
		if err != nil {
			return f, "", 0, err
		}
	}
	q, err := parseQuery(rest, nil, now)
	if err != nil {
		return f, "", 0, err
	}
	return q.filter, topic, sample, checkReviewFilter(q.filter)
}

// checkReviewFilter refuses what a text says: a sample by it is no random sample,
// and what is learned of one does not hold for the other.
func checkReviewFilter(f clickhouse.Filter) error {
	for name, set := range map[string]bool{
		"topic": f.Topic != "", "topic_sentiment": f.TopicSentiment != "", "context": f.Context != "", "sentiment": f.Sentiment != "",
		"q": f.Text != "", "contradiction": f.Contradiction,
	} {
		if set {
			return &paramError{name, "reviews cannot be filtered by what the texts say"}
		}
	}
	return nil
}

// checkTopicName refuses what no taxonomy can call a topic.
func checkTopicName(name string) error {
	ok := name != "" && name[0] != '.' && name[len(name)-1] != '.'
	last := byte('.')
	for i := range len(name) {
		c := name[i]
		ok = ok && (c == '.' && last != '.' || c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z')
		last = c
	}
	if !ok || len(name) > pipeline.MaxIDBytes {
		return &paramError{"topic", "must be a topic such as service.speed"}
	}
	return nil
}
