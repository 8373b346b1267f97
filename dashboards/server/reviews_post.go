package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// Who may answer reviews: the values of Options.Reviews.
const (
	ReviewsOff   = "off"
	ReviewsLocal = "auto" // who reaches the server at an address of this machine alone
	ReviewsOn    = "on"
)

// ReviewLog stores what people say of the topics of texts.
type ReviewLog interface {
	// Judge stores an answer; the same one again changes nothing. An error that is
	// clickhouse.ErrNoEvent means that no such text is stored.
	Judge(context.Context, clickhouse.TopicReview) error
}

const (
	maxAnswerBytes   = 4 << 10
	maxReviewerBytes = 64
	defaultReviewer  = "page"
)

// answers is the one thing that the server writes. Its methods may be called at once.
type answers struct {
	log  ReviewLog // nil: none are taken
	from string

	mu   sync.Mutex
	last time.Time
}

// refusal says why an answer of this caller is not taken, "" if it is.
func (a *answers) refusal(r *http.Request) string {
	switch {
	case a.from == ReviewsOff:
		return "answers are not taken here: serve.reviews is off; `earshot topics review` takes them"
	case a.log == nil:
		return "answers are not taken here: set clickhouse.url to a user who may write; `earshot topics review` takes them"
	case a.from != ReviewsOn && !onLoopback(r):
		return "answers are only taken on this machine's own address; with a login before the page, set serve.reviews to on"
	}
	return ""
}

// moment is now, or the moment after the last answer that the store can tell from
// it: of two answers to a text the later counts.
func (a *answers) moment(now time.Time) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	if next := a.last.Add(time.Millisecond); now.Before(next) {
		now = next
	}
	a.last = now
	return now
}

// answerBody is one answer, as it is sent and as it is confirmed.
type answerBody struct {
	Topic   string `json:"topic"`
	EventID string `json:"event_id"`
	Answer  string `json:"answer"` // yes, no, skip; undone takes the last one back
	By      string `json:"by"`
}

// judge stores one answer. The tag and its version come from the stored event, never
// from the caller.
func (s *server) judge(w http.ResponseWriter, r *http.Request) {
	if why := s.answers.refusal(r); why != "" {
		writeError(w, http.StatusForbidden, why, "")
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		writeError(w, http.StatusUnsupportedMediaType, "an answer is sent as application/json", "")
		return
	}
	answer, err := readAnswer(http.MaxBytesReader(w, r.Body, maxAnswerBytes))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	err = s.answers.log.Judge(r.Context(), clickhouse.TopicReview{
		Topic: answer.Topic, EventID: answer.EventID, Answer: answer.Answer, Reviewer: answer.By, At: s.answers.moment(s.now()),
	})
	switch {
	case errors.Is(err, clickhouse.ErrNoEvent):
		writeError(w, http.StatusNotFound, "event_id: no event of that id is stored", "event_id")
	case err != nil:
		s.fail(w, r, err)
	default:
		writeJSON(w, http.StatusOK, answer)
	}
}

// readAnswer reads exactly one answer and checks it.
func readAnswer(body io.Reader) (a answerBody, err error) {
	in := json.NewDecoder(body)
	in.DisallowUnknownFields()
	err = in.Decode(&a)
	if err == nil && in.Decode(new(json.RawMessage)) != io.EOF {
		err = errors.New("more than one")
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return a, &paramError{"body", "is larger than an answer can be"}
	case err != nil:
		return a, &paramError{"body", `must be one JSON object with topic, event_id, answer and, if wanted, by`}
	}
	if a.By = strings.TrimSpace(a.By); a.By == "" {
		a.By = defaultReviewer
	}
	for name, limit := range map[string]struct {
		value string
		bytes int
	}{"event_id": {a.EventID, pipeline.MaxIDBytes}, "by": {a.By, maxReviewerBytes}} {
		if limit.value == "" || len(limit.value) > limit.bytes || !utf8.ValidString(limit.value) || strings.ContainsFunc(limit.value, unicode.IsControl) {
			return a, &paramError{name, "must be a printable text, not empty and not too long"}
		}
	}
	known := []string{clickhouse.AnswerYes, clickhouse.AnswerNo, clickhouse.AnswerSkip, clickhouse.AnswerUndone}
	if !slices.Contains(known, a.Answer) {
		return a, &paramError{"answer", "must be one of " + strings.Join(known, ", ")}
	}
	return a, checkTopicName(a.Topic)
}

// sameOriginOnly refuses what another site makes a visitor's browser send.
func sameOriginOnly(next http.Handler) http.Handler {
	check := http.NewCrossOriginProtection()
	check.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusForbidden, "answers are only taken from the page itself, not from another site", "")
	}))
	return check.Handler(next)
}
