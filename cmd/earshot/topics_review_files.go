package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"earshot/sinks/clickhouse"
	"earshot/sinks/export"
)

// reviewHeader are the columns of a sample to be labelled elsewhere. Which texts
// carry the tag is not among them: it would lead whoever answers.
func reviewHeader() []string {
	return []string{"topic", "event_id", "occurred_at", "source", "location", "text", "mention", "answer"}
}

func (p *program) exportReviews(f *reviewFlags, texts []clickhouse.ReviewText) error {
	err := export.File(f.exportTo, func(w io.Writer) error {
		out := export.NewCSV(w, export.CSVOptions{})
		if err := out.Write(reviewHeader()); err != nil {
			return err
		}
		for i := range texts {
			t := &texts[i]
			mention := ""
			if start, end, ok := t.Mention(f.topic); ok && !f.blind {
				mention = t.Text[start:end]
			}
			if err := out.Write([]string{f.topic, t.EventID, t.OccurredAt.UTC().Format(time.RFC3339), t.Source, t.Location, t.Text, mention, ""}); err != nil {
				return err
			}
		}
		return out.Flush()
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "%s: %s on %s; write y, n or s into the column answer, then `earshot topics review --import %s`\n",
		f.exportTo, count(len(texts), "text"), f.topic, f.exportTo)
	return nil
}

// importReviews stores the answers of a labelled sample, all or none.
func (p *program) importReviews(ctx context.Context, log *clickhouse.ReviewLog, f *reviewFlags) error {
	reviews, blank, err := p.readAnswers(f)
	if err != nil {
		return err
	}
	missing, err := log.Fill(ctx, reviews)
	if err != nil {
		return readError(err)
	}
	if len(missing) > 0 {
		return checkFailedf("%s: %s not stored here, such as %s: nothing was imported", f.labels, count(len(missing), "event"), missing[0])
	}
	if err := log.Add(ctx, reviews...); err != nil {
		return readError(err)
	}
	fmt.Fprintf(p.stderr, "%s: %s stored, %s without one\n", f.labels, count(len(reviews), "answer"), count(blank, "row"))
	return nil
}

func (p *program) readAnswers(f *reviewFlags) (reviews []clickhouse.TopicReview, blank int, err error) {
	data, err := os.ReadFile(f.labels)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, usagef("%s: no such file", f.labels)
	}
	if err != nil {
		return nil, 0, err
	}
	rows := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	rows.FieldsPerRecord = -1
	header, err := rows.Read()
	if err != nil {
		return nil, 0, checkFailedf("%s:1: expected a header with event_id, answer and topic: %w", f.labels, err)
	}
	at := map[string]int{}
	for _, name := range reviewHeader() {
		at[name] = slices.IndexFunc(header, func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), name) })
	}
	if at["event_id"] < 0 || at["answer"] < 0 || at["topic"] < 0 && f.topic == "" {
		return nil, 0, checkFailedf("%s:1: expected the columns event_id, answer and topic (or --topic)", f.labels)
	}
	now := p.clock()
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return lastAnswers(reviews), blank, nil
		}
		if err != nil {
			return nil, 0, checkFailedf("%s: %w", f.labels, err)
		}
		line, _ := rows.FieldPos(0)
		review, answered, err := f.answerOf(row, at)
		switch {
		case err != nil:
			return nil, 0, checkFailedf("%s:%d: %w", f.labels, line, err)
		case !answered:
			blank++
		default:
			review.At = now
			reviews = append(reviews, review)
		}
	}
}

// lastAnswers leaves the last answer to each topic of a text.
func lastAnswers(reviews []clickhouse.TopicReview) []clickhouse.TopicReview {
	seen := map[[2]string]bool{}
	slices.Reverse(reviews)
	reviews = slices.DeleteFunc(reviews, func(r clickhouse.TopicReview) bool {
		key := [2]string{r.Topic, r.EventID}
		again := seen[key]
		seen[key] = true
		return again
	})
	slices.Reverse(reviews)
	return reviews
}

// answerOf reads one row; answered is false if nobody has answered it.
func (f *reviewFlags) answerOf(row []string, at map[string]int) (review clickhouse.TopicReview, answered bool, err error) {
	value := func(name string) string {
		if i := at[name]; i >= 0 && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	review = clickhouse.TopicReview{Topic: f.topic, EventID: value("event_id"), Reviewer: f.by}
	if review.Topic == "" {
		review.Topic = value("topic")
	}
	switch answer := strings.ToLower(value("answer")); answer {
	case "":
		return review, false, nil
	case "y", "yes", "1", "true":
		review.Answer = clickhouse.AnswerYes
	case "n", "no", "0", "false":
		review.Answer = clickhouse.AnswerNo
	case "s", "skip", "?":
		review.Answer = clickhouse.AnswerSkip
	default:
		return review, false, fmt.Errorf("answer %q: expected y, n, s or nothing", answer)
	}
	if review.EventID == "" || review.Topic == "" {
		return review, false, errors.New("an answer without event_id or topic")
	}
	return review, true, nil
}
