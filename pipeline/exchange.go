package pipeline

import "sync/atomic"

// Exchange holds the Analyzer of the moment, which may be exchanged for another
// while workers run. A worker asks for it before it analyses and writes what the one
// before has analysed first, so that one Analyzer scored all rows of a batch. It is
// safe for concurrent use.
type Exchange struct{ now atomic.Pointer[Analyzer] }

// NewExchange returns an Exchange that holds a.
func NewExchange(a Analyzer) *Exchange {
	x := new(Exchange)
	x.Put(a)
	return x
}

// Put makes a the Analyzer of all batches that begin from now on.
func (x *Exchange) Put(a Analyzer) { x.now.Store(&a) }

// turn makes the Analyzer of the moment the partition's and reports whether it is
// another one than before.
func (p *partition) turn() (changed bool) {
	now := &p.Analyzer
	if p.Exchange != nil {
		now = p.Exchange.now.Load()
	}
	changed = p.analyzer != nil && p.analyzer != now
	p.analyzer = now
	return changed
}
