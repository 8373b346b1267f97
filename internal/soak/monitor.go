package soak

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// look is what the monitor saw at a moment.
type look struct {
	at   time.Time
	next map[int32]int64 // the table's position by partition
}

// monitor looks at the table's positions all the time. It is safe for
// concurrent use.
type monitor struct {
	store *store

	mu   sync.Mutex
	last look
}

const lookEvery = 50 * time.Millisecond

func (m *monitor) run(ctx context.Context) {
	for tick := time.NewTicker(lookEvery); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		next, err := m.store.positions(ctx)
		if err != nil {
			continue // that is what the faults are for
		}
		m.mu.Lock()
		if m.last.next == nil {
			m.last.next = map[int32]int64{}
		}
		maps.Copy(m.last.next, next)
		m.last.at = time.Now()
		m.mu.Unlock()
	}
}

func (m *monitor) now() look {
	m.mu.Lock()
	defer m.mu.Unlock()
	return look{m.last.at, maps.Clone(m.last.next)}
}

// stored is how many offsets the table covers.
func (l look) stored() (n int64) {
	for _, next := range l.next {
		n += next
	}
	return n
}

// sample is what a worker told about itself.
type sample struct {
	At         float64 `json:"at"` // seconds since the run began
	RSS        int64   `json:"rss"`
	Goroutines int64   `json:"goroutines"`
}

// scrape reads a worker's metrics.
func scrape(ctx context.Context, addr string) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/metrics", nil)
	if err != nil {
		return sample{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return sample{}, err
	}
	defer resp.Body.Close()
	var s sample
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		switch name {
		case "process_resident_memory_bytes":
			s.RSS = number(value)
		case "go_goroutines":
			s.Goroutines = number(value)
		}
	}
	if s.RSS == 0 || s.Goroutines == 0 {
		return s, fmt.Errorf("%s does not tell its memory", addr)
	}
	return s, nil
}

func number(text string) int64 {
	f, _ := strconv.ParseFloat(text, 64)
	return int64(f)
}

// sampler collects samples of one worker until ctx ends.
type sampler struct {
	addr  string
	began time.Time

	mu      sync.Mutex
	samples []sample
}

func (s *sampler) run(ctx context.Context, every time.Duration) {
	for tick := time.NewTicker(every); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		got, err := scrape(ctx, s.addr)
		if err != nil {
			continue // it is stopped or being started
		}
		got.At = time.Since(s.began).Seconds()
		s.mu.Lock()
		s.samples = append(s.samples, got)
		s.mu.Unlock()
	}
}

func (s *sampler) all() []sample {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]sample(nil), s.samples...)
}
