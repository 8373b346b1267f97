package pipeline

import "fmt"

// FailureClass says how far a failure reaches, and so what the worker does
// about it.
type FailureClass string

// The classes. docs/operations.md lists which errors of Kafka and ClickHouse
// fall into which.
const (
	// Retryable failures pass: the worker waits and tries the same again.
	Retryable FailureClass = "retryable"
	// FailsBatch means that the batch is too much as it is: smaller ones follow.
	FailsBatch FailureClass = "batch"
	// FailsRecord means that the sink refuses a record of the batch for good. The
	// batch is halved down to it, it becomes a dead letter, the rest is written.
	FailsRecord FailureClass = "record"
	// Fatal failures need a person: the process ends.
	Fatal FailureClass = "fatal"
)

// Failure is what is known about an error.
type Failure struct {
	Class  FailureClass
	Advice string // of a fatal one: what to do
}

// Classifier judges the errors of one technology; known is false for others.
type Classifier func(error) (f Failure, known bool)

// Classify asks the classifiers in order. What none of them knows is retryable:
// waiting loses nothing.
func Classify(err error, classifiers ...Classifier) Failure {
	for _, judge := range classifiers {
		if f, known := judge(err); known {
			return f
		}
	}
	return Failure{Class: Retryable}
}

// FatalError ends the process.
type FatalError struct {
	Err    error
	Advice string // what to do; may be empty
}

func (e *FatalError) Error() string {
	if e.Advice == "" {
		return e.Err.Error()
	}
	return fmt.Sprintf("%v; %s", e.Err, e.Advice)
}

func (e *FatalError) Unwrap() error { return e.Err }
