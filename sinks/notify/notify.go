// Package notify tells people and programs of alerts: a Kafka topic, a signed
// webhook, e-mail. A target sends one message; Deliver adds patience and says
// how it ended.
package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/insight"
)

// Message is one change of an alert, as every target tells it.
type Message struct {
	ID     string        `json:"id"`     // the same for each attempt: receivers may drop repetitions by it
	Change string        `json:"change"` // raised, reopened, acknowledged, resolved or test
	At     time.Time     `json:"at"`
	Alert  insight.Alert `json:"alert"`
}

// JSON is the message as Kafka and the webhook carry it.
func (m Message) JSON() ([]byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("message: %w", err)
	}
	return body, nil
}

// Target tells somebody. A nil error means that the message was accepted; a
// *PermanentError that trying again is senseless.
type Target interface {
	Name() string
	Send(ctx context.Context, m Message) error
}

// PermanentError is a refusal that no repetition will change.
type PermanentError struct{ Err error }

func (e *PermanentError) Error() string { return e.Err.Error() }
func (e *PermanentError) Unwrap() error { return e.Err }

// Patience bounds how long a target is tried.
type Patience struct {
	Attempts int           // at least 1
	Pause    time.Duration // after the first failure; doubled each time
	Longest  time.Duration // pause
	Timeout  time.Duration // of one attempt
}

// DefaultPatience gives a target about two minutes to come back.
func DefaultPatience() Patience {
	return Patience{Attempts: 7, Pause: 2 * time.Second, Longest: 30 * time.Second, Timeout: 15 * time.Second}
}

// Deliver sends a message until it is accepted, refused for good, or patience
// ends. It returns how often it tried; when ctx ends the message is not given up,
// the error is ctx's.
func Deliver(ctx context.Context, target Target, m Message, p Patience) (attempts int, err error) {
	pause := p.Pause
	for attempts = 1; ; attempts++ {
		err = once(ctx, target, m, p.Timeout)
		var refused *PermanentError
		switch {
		case err == nil:
			return attempts, nil
		case ctx.Err() != nil:
			return attempts, ctx.Err()
		case errors.As(err, &refused):
			return attempts, fmt.Errorf("refused: %w", err)
		case attempts >= p.Attempts && attempts > 1:
			return attempts, fmt.Errorf("%d attempts failed: %w", attempts, err)
		case attempts >= p.Attempts:
			return attempts, err
		}
		jittered := time.NewTimer(pause/2 + rand.N(pause/2+1))
		select {
		case <-jittered.C:
		case <-ctx.Done():
			jittered.Stop()
			return attempts, ctx.Err()
		}
		pause = min(2*pause, p.Longest)
	}
}

func once(ctx context.Context, target Target, m Message, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return target.Send(ctx, m)
}

// Producer sends messages to one Kafka topic and waits until they are safe.
type Producer interface {
	Send(ctx context.Context, messages []pipeline.OutMessage) error
}

// ChangeHeader names the change on a Kafka message.
const ChangeHeader = "earshot-change"

// Kafka tells a topic: the key is the alert's id, so that its changes stay in
// order, the header ChangeHeader the message's id.
type Kafka struct{ Producer Producer }

// Name is "kafka".
func (Kafka) Name() string { return "kafka" }

// Send produces the message.
func (k Kafka) Send(ctx context.Context, m Message) error {
	body, err := m.JSON()
	if err != nil {
		return &PermanentError{err}
	}
	return k.Producer.Send(ctx, []pipeline.OutMessage{{
		Key: []byte(m.Alert.ID), Value: body, Time: m.At,
		Headers: []pipeline.Header{{Key: ChangeHeader, Value: []byte(m.ID)}, {Key: "content-type", Value: []byte("application/json")}},
	}})
}
