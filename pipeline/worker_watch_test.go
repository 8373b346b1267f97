package pipeline

import (
	"log/slog"
	"strings"
	"sync"
)

// recorder is an Observer that keeps what it is told.
type recorder struct {
	mu       sync.Mutex
	batches  []BatchStats
	troubles []Stage
	progress map[TopicPartition]Progress
}

func (r *recorder) Assigned([]TopicPartition) {}
func (r *recorder) Released([]TopicPartition) {}
func (r *recorder) Written(s BatchStats) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.batches = append(r.batches, s)
}
func (r *recorder) Progress(tp TopicPartition, p Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.progress == nil {
		r.progress = map[TopicPartition]Progress{}
	}
	r.progress[tp] = p
}
func (r *recorder) Trouble(_ TopicPartition, stage Stage, _ FailureClass, _ error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.troubles = append(r.troubles, stage)
}

// logLines keeps what is logged.
type logLines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logLines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logLines) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// count is the number of lines that contain part.
func (l *logLines) count(part string) int {
	n := 0
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, part) {
			n++
		}
	}
	return n
}
