package soak

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// faultKind names what is done to whom.
type faultKind string

// killedLate is the fault that a fence is for: the inserts of the killed worker
// arrive only after the next one has begun.
const killedLate faultKind = "worker killed, its inserts under way"

// spec is how a kind of fault is planned.
type spec struct {
	kind     faultKind
	min, max time.Duration // how long it lasts
	worker   bool          // hits one worker, chosen by the seed
	needs    need
}

type need int

const (
	needsNothing    need = iota
	needsKafkaProxy      // clients reach the broker through a proxy
	needsSmallDisk       // the engine's data is on a file system of its own
	needsGroup           // workers share the partitions as a consumer group
	needsVictim          // workers may be killed
)

func specs() []spec {
	const ms, s = time.Millisecond, time.Second
	return []spec{
		{"worker killed", 0, 1500 * ms, true, needsVictim},
		{"worker killed, back at once", 0, 1, true, needsVictim},
		{killedLate, 200 * ms, 4500 * ms, true, needsVictim},
		{"worker stopped", 500 * ms, 5 * s, true, needsNothing},
		{"worker redeployed", 0, 500 * ms, true, needsVictim},
		{"engine killed", 0, 1, false, needsNothing},
		{"engine stopped", 500 * ms, 4 * s, false, needsNothing},
		{"engine and its supervisor killed", 0, 2 * s, false, needsNothing},
		{"broker killed", 0, 2 * s, false, needsNothing},
		{"broker stopped", 500 * ms, 4 * s, false, needsNothing},
		{"producer killed", 0, 1 * s, false, needsNothing},
		{"producer stopped", 500 * ms, 3 * s, false, needsNothing},
		{"engine's disk full", 1 * s, 4 * s, false, needsSmallDisk},
		{"worker joins and leaves", 1 * s, 4 * s, false, needsGroup},
		{"worker joins and is killed", 1 * s, 4 * s, false, needsGroup},
		{"ClickHouse unreachable", 500 * ms, 3 * s, true, needsNothing},
		{"ClickHouse connections reset", 300 * ms, 2 * s, true, needsNothing},
		{"ClickHouse connections half-open", 500 * ms, 4 * s, true, needsNothing},
		{"ClickHouse answers lost", 500 * ms, 3 * s, true, needsNothing},
		{"ClickHouse late", 1 * s, 3 * s, true, needsNothing},
		{"ClickHouse in slices", 1 * s, 3 * s, true, needsNothing},
		{"ClickHouse narrow", 1 * s, 3 * s, true, needsNothing},
		{"Kafka unreachable", 500 * ms, 3 * s, false, needsKafkaProxy},
		{"Kafka connections reset", 300 * ms, 2 * s, false, needsKafkaProxy},
		{"Kafka connections half-open", 500 * ms, 4 * s, false, needsKafkaProxy},
		{"Kafka answers lost", 500 * ms, 3 * s, false, needsKafkaProxy},
		{"Kafka late", 1 * s, 3 * s, false, needsKafkaProxy},
		{"Kafka in slices", 1 * s, 3 * s, false, needsKafkaProxy},
		{"Kafka narrow", 1 * s, 3 * s, false, needsKafkaProxy},
	}
}

// fault is one planned fault.
type fault struct {
	Kind   faultKind
	Worker int // that it hits; -1: no worker, or all
	Hold   time.Duration
	With   bool // begins together with the one before it
}

// conditions of a plan.
type conditions struct {
	workers    int
	survivor   int // this worker is never killed: what leaks must show somewhere
	can        map[need]bool
	onlyKills  bool // nothing but killedLate
	togetherly int  // percent of the faults that come with the next one
}

// plan deals n faults: every kind in turn, each round in an order of its own.
func plan(seed uint64, n int, c conditions) []fault {
	r := rand.New(rand.NewPCG(seed, 1))
	var deck, dealt []spec
	for _, s := range specs() {
		if s.needs == needsNothing || c.can[s.needs] {
			deck = append(deck, s)
		}
	}
	if c.onlyKills {
		deck = []spec{{killedLate, 200 * time.Millisecond, 1200 * time.Millisecond, true, needsVictim}}
	}
	out := make([]fault, n)
	for i := range out {
		if len(dealt) == 0 {
			dealt = append(dealt, deck...)
			r.Shuffle(len(dealt), func(a, b int) { dealt[a], dealt[b] = dealt[b], dealt[a] })
		}
		s := dealt[0]
		dealt = dealt[1:]
		out[i] = fault{Kind: s.kind, Worker: -1, Hold: s.min + time.Duration(r.Int64N(int64(s.max-s.min)))}
		if s.worker {
			out[i].Worker = r.IntN(c.workers)
		}
		if s.needs == needsVictim && out[i].Worker == c.survivor && c.workers > 1 {
			out[i].Worker = (out[i].Worker + 1) % c.workers
		}
		out[i].With = i > 0 && !out[i-1].With && r.IntN(100) < c.togetherly && apart(out[i-1], out[i])
	}
	return out
}

// apart says whether two faults may overlap: what is killed cannot be stopped,
// and a proxy has one trouble at a time.
func apart(a, b fault) bool { return a.Kind.target() != b.Kind.target() }

// target is the first word of the kind: who suffers.
func (k faultKind) target() string {
	for i, r := range k {
		if r == ' ' || r == '\'' {
			return string(k[:i])
		}
	}
	return string(k)
}

func (f fault) String() string {
	text := string(f.Kind)
	if f.Worker >= 0 {
		text += fmt.Sprintf(" [%d]", f.Worker)
	}
	if f.Hold > time.Millisecond {
		text += fmt.Sprintf(", %.1f s", f.Hold.Seconds())
	}
	return text
}
