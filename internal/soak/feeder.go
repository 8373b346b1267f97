package soak

import (
	"fmt"
	"io"
	"sync"
	"syscall"
	"time"
)

// orderSize is how many messages a producer is told to send at a time.
const orderSize = 1000

// feeder gives producers their orders, collects their acknowledgements, and
// sends again what a killed one left open.
type feeder struct {
	ledger    *ledger
	producers []*producer

	mu      sync.Mutex
	next    int // messages before it were ordered
	resends []span
	resent  int
}

// producer is one process and the orders it has not fulfilled.
type producer struct {
	process *process
	readers sync.WaitGroup

	mu   sync.Mutex
	open []span
}

func (p *producer) start(f *feeder) error {
	if err := p.process.start(); err != nil {
		return err
	}
	p.process.mu.Lock()
	stdout := p.process.stdout
	p.process.mu.Unlock()
	p.readers.Go(func() {
		readAcks(stdout, func(i int, at place) {
			if at.Partition < 0 {
				f.again(span{i, i + 1})
				return
			}
			f.ledger.ack(i, at)
		})
		_ = stdout.Close()
	})
	return nil
}

// order sends a range to the process; one that is gone gets it back later.
func (p *producer) order(s span) error {
	p.mu.Lock()
	p.open = append(p.open, s)
	p.mu.Unlock()
	_, err := fmt.Fprintf(p.stdin(), "%d %d\n", s.From, s.To)
	return err
}

// forget drops the fulfilled orders and says how many messages are open.
func (p *producer) forget(l *ledger) (open int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := p.open[:0]
	for _, s := range p.open {
		if missing := l.missing(s.From, s.To); len(missing) > 0 {
			kept = append(kept, s)
			open += s.To - s.From
		}
	}
	p.open = kept
	return open
}

// kill ends the producer and puts what it left open to be sent again.
func (f *feeder) kill(p *producer) error {
	err := p.process.kill()
	_ = p.stdin().Close()
	p.readers.Wait() // what it acknowledged before is noted
	p.mu.Lock()
	open := p.open
	p.open = nil
	p.mu.Unlock()
	for _, s := range open {
		for _, m := range f.ledger.missing(s.From, s.To) {
			f.again(m)
		}
	}
	return err
}

func (f *feeder) again(s span) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.resends = append(f.resends, s)
	f.resent += s.To - s.From
}

// advance hands out orders for messages below limit to producers that have few
// open ones.
func (f *feeder) advance(limit int) {
	for _, p := range f.producers {
		if !p.process.running() {
			continue
		}
		for open := p.forget(f.ledger); open < 4*orderSize; {
			s, ok := f.take(limit)
			if !ok {
				return
			}
			open += s.To - s.From
			if p.order(s) != nil {
				break // it is being killed: kill takes the order back
			}
		}
	}
}

func (f *feeder) take(limit int) (span, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(f.resends); n > 0 {
		s := f.resends[n-1]
		f.resends = f.resends[:n-1]
		return s, true
	}
	s := span{f.next, min(f.next+orderSize, limit)}
	if s.To <= s.From {
		return s, false
	}
	f.next = s.To
	return s, true
}

// close ends the producers in good order.
func (f *feeder) close() {
	for _, p := range f.producers {
		if p.process.running() {
			_ = p.process.signal(syscall.SIGCONT)
			_ = p.stdin().Close()
			_ = p.process.end(syscall.SIGTERM, 5*time.Second)
		}
		p.readers.Wait()
	}
}

func (p *producer) stdin() io.WriteCloser {
	p.process.mu.Lock()
	defer p.process.mu.Unlock()
	return p.process.stdin
}
