package kafka

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	kafkago "github.com/segmentio/kafka-go"

	"earshot/pipeline"
)

func TestClassify(t *testing.T) {
	cases := []struct {
		name  string
		err   error
		class pipeline.FailureClass // "" for errors of others
	}{
		{"leader moved", fmt.Errorf("fetch: %w", kafkago.NotLeaderForPartition), pipeline.Retryable},
		{"topic not there yet", kafkago.UnknownTopicOrPartition, pipeline.Retryable},
		{"a code that is not listed", kafkago.Error(999), pipeline.Retryable},
		{"batch too large", kafkago.MessageSizeTooLarge, pipeline.FailsBatch},
		{"message too large", &pipeline.TooLargeError{}, pipeline.FailsRecord},
		{"time ahead", kafkago.InvalidTimestamp, pipeline.FailsRecord},
		{"no right to read", fmt.Errorf("fetch: %w", kafkago.TopicAuthorizationFailed), pipeline.Fatal},
		{"no right to the group", kafkago.GroupAuthorizationFailed, pipeline.Fatal},
		{"group of another kind", kafkago.InconsistentGroupProtocol, pipeline.Fatal},
		{"login refused", Cluster{SASL: SASL{Username: "u"}}.explain(kafkago.SASLAuthenticationFailed), pipeline.Fatal},
		{"connection lost", io.EOF, ""},
		{"somebody else's", errors.New("read: EOF"), ""},
	}
	for _, c := range cases {
		if f, known := Classify(c.err); f.Class != c.class || known != (c.class != "") {
			t.Errorf("%s: %+v, %v, want %s", c.name, f, known, c.class)
		}
	}
	seen := map[kafkago.Error]bool{}
	for _, e := range BrokerErrors() {
		if f, _ := Classify(e.Code); seen[e.Code] || f.Class != e.Class || (e.Class == pipeline.Fatal) != (e.Advice != "") {
			t.Errorf("%s: twice %v, %+v", e.Name, seen[e.Code], f)
		}
		seen[e.Code] = true
	}
}

// TestDocumentedFailures compares the table of docs/operations.md.
func TestDocumentedFailures(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range []pipeline.FailureClass{pipeline.Retryable, pipeline.FailsBatch, pipeline.FailsRecord, pipeline.Fatal} {
		var names []string
		for _, e := range BrokerErrors() {
			if e.Class == class {
				names = append(names, fmt.Sprintf("`%s` %d", e.Name, int(e.Code)))
			}
		}
		if want := strings.Join(names, ", "); !strings.Contains(string(page), want) {
			t.Errorf("docs/operations.md, section Failures, must list for %s:\n%s", class, want)
		}
	}
}
