package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// tracerFunc is a Tracer made of a function.
type tracerFunc func(BatchTrace)

func (f tracerFunc) Batch(t BatchTrace) { f(t) }

// Each batch is traced with its stages in order, those that failed, too.
func TestBatchesAreTraced(t *testing.T) {
	l, tab := logOf(100), healthyTable()
	faults := []fault{faultBefore}
	tab.fault = func() fault {
		if len(faults) == 0 {
			return faultNone
		}
		f := faults[0]
		faults = faults[1:]
		return f
	}
	for i := range l.parts[0] {
		l.parts[0][i].Headers = []Header{{"x", []byte("y")}, {headerTraceparent, fmt.Appendf(nil, "trace-%d", i/30)}}
	}
	w := testWorker(l, tab)
	var mu sync.Mutex
	var traces []BatchTrace
	w.Tracer = tracerFunc(func(b BatchTrace) {
		mu.Lock()
		defer mu.Unlock()
		traces = append(traces, b)
	})
	runCovered(t, w, l, tab)
	if len(traces) < 2 || !errors.Is(traces[0].Err, errLost) {
		t.Fatalf("%d batches, the first one failed with %v", len(traces), traces[0].Err)
	}
	next := int64(0)
	for _, b := range traces {
		checkTrace(t, b)
		if b.Err != nil {
			continue
		}
		if b.First != next || b.Last-b.First+1 != int64(b.Rows) {
			t.Errorf("batch %d..%d of %d rows where %d was due", b.First, b.Last, b.Rows, next)
		}
		next = b.Last + 1
	}
	if next != 100 {
		t.Errorf("traced up to %d", next)
	}
}

func checkTrace(t *testing.T, b BatchTrace) {
	t.Helper()
	var names []string
	for i, s := range b.Stages {
		names = append(names, string(s.Stage))
		if s.Began.IsZero() || s.Ended.Before(s.Began) || s.Took > s.Ended.Sub(s.Began) || i > 0 && s.Began.Before(b.Stages[i-1].Began) {
			t.Errorf("stage %+v", s)
		}
	}
	// A batch that begins in the middle of a chunk was not waited for.
	if got := strings.Join(names, " "); !strings.HasSuffix("fetch analyse claim check reject write", got) || !strings.HasSuffix(got, "claim check reject write") {
		t.Errorf("stages %s", got)
	}
	var want []string
	for o := b.First; o <= b.Last; o++ {
		if trace := fmt.Sprintf("trace-%d", o/30); !slices.Contains(want, trace) {
			want = append(want, trace)
		}
	}
	if !slices.Equal(b.Parents, want) {
		t.Errorf("%d..%d: parents %v, want %v", b.First, b.Last, b.Parents, want)
	}
}

// However many traces the messages name, and however long: few are kept.
func TestParentsAreBounded(t *testing.T) {
	var records []Record
	for i := range 100 {
		records = append(records, Record{Message: Message{Headers: []Header{
			{headerTraceparent, fmt.Append(nil, i)}, {headerTraceparent, make([]byte, maxTraceparent+1)}}}})
	}
	if n := len(parents(records)); n != maxParents {
		t.Errorf("%d parents", n)
	}
}

func TestStagesAddUp(t *testing.T) {
	at := func(s int) time.Time { return testNow.Add(time.Duration(s) * time.Second) }
	var times stageTimes
	times.add(StageFetch, at(0), at(1))
	times.add(StageAnalyse, at(1), at(2))
	times.add(StageFetch, at(5), at(7))
	if want := (stageTimes{{StageFetch, at(0), at(7), 3 * time.Second}, {StageAnalyse, at(1), at(2), time.Second}}); !slices.Equal(times, want) {
		t.Errorf("%v, want %v", times, want)
	}
	if got := times.took()[StageFetch]; got != 3*time.Second {
		t.Errorf("fetch took %v", got)
	}
}

// untraced is a partition nobody follows, and a batch of it.
func untraced() (*partition, []Record) {
	records := make([]Record, 1000)
	for i := range records {
		records[i].Headers = []Header{{headerTraceparent, []byte("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")}}
	}
	return &partition{Worker: &Worker{}}, records
}

// Without a tracer a batch costs no allocation for tracing.
func TestNoTracerNoAllocation(t *testing.T) {
	p, records := untraced()
	times := make(stageTimes, 0, 8)
	if n := testing.AllocsPerRun(100, func() {
		times = times[:0]
		times.add(StageFetch, testNow, testNow)
		times.add(StageWrite, testNow, testNow)
		p.trace(records, times, nil)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkTraceOff(b *testing.B) {
	p, records := untraced()
	times := make(stageTimes, 0, 8)
	b.ReportAllocs()
	for b.Loop() {
		p.trace(records, times, nil)
	}
}

func BenchmarkTraceOn(b *testing.B) {
	p, records := untraced()
	p.Tracer = tracerFunc(func(BatchTrace) {})
	times := make(stageTimes, 8)
	b.ReportAllocs()
	for b.Loop() {
		p.trace(records, times, context.Canceled)
	}
}
