package e2e

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"earshot/pipeline"
)

// How many payloads TestMutants sends, and the seed of their mutations.
const (
	mutantsVar = "EARSHOT_TEST_MUTANTS"
	seedVar    = "EARSHOT_TEST_SEED"
)

func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is no number above 0", name, text)
	}
	return n
}

// maxWorkerMiB bounds the worker's memory, whatever it is fed.
const maxWorkerMiB = 900

// Mutated events go through the real pipeline: each becomes the row that
// decoding it alone says, none stops the worker or makes it grow.
func TestMutants(t *testing.T) {
	needEngine(t)
	smoke := 50_000
	if testing.Short() {
		smoke = 5_000
	}
	n, seed := setting(t, mutantsVar, smoke), setting(t, seedVar, 1)
	in := newInstall(t)
	up := in.up("--workers", "0")
	worker := in.command("worker", "--listen", "127.0.0.1:0")
	log := &logged{}
	worker.Stderr = log
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	want := sendMutants(t, up, n, uint64(seed))
	sent := time.Since(began)
	up.drained(time.Duration(60+n/200) * time.Second)
	took := time.Since(began)
	peak := peakMiB(t, worker.Process.Pid)
	if err := worker.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := worker.Wait(); err != nil {
		t.Errorf("worker: %v\n%s", err, tail(log.String(), 4000))
	}
	got := want.of(up)
	t.Logf("seed %d: %d mutants sent in %v, stored after %v (%.0f/s), worker's peak %d MiB: %v",
		seed, n, sent.Round(time.Second), took.Round(time.Second), float64(n)/took.Seconds(), peak, got)
	if !maps.Equal(got, want) {
		t.Errorf("outcomes differ\n got %v\nwant %v", got, want)
	}
	if peak > maxWorkerMiB {
		t.Errorf("the worker took %d MiB, more than %d", peak, maxWorkerMiB)
	}
	if strings.Contains(log.String(), "panicked") {
		t.Errorf("a panic:\n%s", tail(log.String(), 4000))
	}
	in.must("audit")
}

// fates counts outcomes: event, duplicate and each reason of dead letters.
type fates map[string]int

// of asks the table for the same counts.
func (fates) of(up *running) fates {
	got := fates{}
	for name, n := range up.outcomes() {
		if name != string(pipeline.OutcomeDead) {
			got[name] = n
		}
	}
	maps.Copy(got, up.reasons())
	return got
}

// sendMutants sends n payloads and returns what must become of them.
func sendMutants(t *testing.T, up *running, n int, seed uint64) fates {
	t.Helper()
	producer := up.producer()
	m := newMutator(seed, time.Now())
	want, ids := fates{}, make(map[string]struct{}, n)
	var batch []pipeline.OutMessage
	for i := range n {
		value := m.next(i)
		event, reject := pipeline.Decode(pipeline.Message{Value: value}, time.Now())
		switch {
		case reject != nil:
			want[string(reject.Reason)]++
		default:
			if _, again := ids[event.ID]; again {
				want[string(pipeline.OutcomeDuplicate)]++
			} else {
				want[string(pipeline.OutcomeEvent)]++
			}
			ids[event.ID] = struct{}{}
		}
		batch = append(batch, pipeline.OutMessage{Key: strconv.AppendInt(nil, int64(i), 36), Value: value})
		if len(batch) == 4000 || i == n-1 {
			if err := producer.Send(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	return want
}

// mutator breaks valid events, the same way for the same seed.
type mutator struct {
	random *rand.Rand
	bases  []string // with %d where a number makes them one of their own
	parts  []string
}

func newMutator(seed uint64, now time.Time) *mutator {
	// Away from the bounds of occurred_at, so that a changed digit does not
	// depend on when the worker reads it.
	at := now.UTC().Add(-30*24*time.Hour - 6*time.Hour).Format(time.RFC3339)
	return &mutator{
		random: rand.New(rand.NewPCG(seed, 0)),
		bases: []string{
			`{"id":"m-%d","source":"review","platform":"google","occurred_at":"` + at + `","title":"Slow","text":"Great pizza, but the service was painfully slow at lunch time 😀","rating":2,"language":"en"}`,
			`{"id":"m-%d","source":"survey","occurred_at":"` + at + `","survey":{"csat":4,"nps":9,"ces":2,"question":"How was it?"},"customer":{"id":"c-1","name":"Ann","email":"a@b.c","value":12.5}}`,
			`{"source":"social","occurred_at":"` + at + `","text":"number %d, na\u00efve \ud83d\ude00","attributes":{"likes":12345678901234567890,"deep":[{"a":[1,2,{"b":null}]}]}}`,
			`{"id":"m-%d","source":"chat","occurred_at":"` + at + `","contact":{"thread_id":"t","direction":"inbound","opened_at":"` + at + `","resolved":true},"turns":[{"role":"customer","text":"It never works!","at":"` + at + `"},{"role":"agent","text":"Sorry"}]}`,
			`{"specversion":"1.0","id":"ce-%d","source":"/shop","type":"t","time":"` + at + `","data":{"source":"email","rating":{"value":7,"min":0,"max":10}}}`,
		},
		parts: []string{`null`, `true`, `-1e999`, `""`, `[]`, `{}`, `"\ud800"`, `1.5`, "\x00", "\xff", `"`, `\`, `{`, `}`, `[`, `]`, `,`, `:`, `9999999999999999999`,
			`"id":"x"`, `"text":null`, `"rating":99`, `"source":"sms"`, "\xef\xbb\xbf", " ", "\n", "é", "😀"},
	}
}

// next is the i-th payload: one in sixteen is left whole.
func (m *mutator) next(i int) []byte {
	base := m.bases[m.random.IntN(len(m.bases))]
	value := fmt.Appendf(nil, base, i)
	if m.random.IntN(16) == 0 {
		return value
	}
	for range 1 + m.random.IntN(3)/2 {
		if len(value) > 0 {
			value = m.mutate(value)
		}
	}
	return value
}

func (m *mutator) mutate(v []byte) []byte {
	from := m.random.IntN(len(v))
	to := min(len(v), from+1+m.random.IntN(20))
	switch m.random.IntN(9) {
	case 0: // flip a bit
		v[from] ^= 1 << m.random.IntN(8)
	case 1: // change a byte within ASCII
		v[from] = byte(0x20 + m.random.IntN(95))
	case 2: // cut off
		v = v[:from]
	case 3: // cut out
		v = slices.Delete(v, from, to)
	case 4: // repeat a stretch, and so perhaps a member
		v = slices.Insert(v, to, bytes.Clone(v[from:to])...)
	case 5: // repeat a whole member
		if comma := bytes.LastIndexByte(v, ','); comma > 0 {
			v = slices.Insert(v, comma, bytes.Clone(v[comma:max(comma, len(v)-1)])...)
		}
	case 6: // splice with another event
		other := m.bases[m.random.IntN(len(m.bases))]
		v = append(v[:from:from], other[m.random.IntN(len(other)):]...)
	case 7: // put something in
		v = slices.Insert(v, from, []byte(m.parts[m.random.IntN(len(m.parts))])...)
	default: // another type for a value
		if colon := bytes.IndexByte(v[from:], ':'); colon >= 0 {
			begin := from + colon + 1
			end := begin
			if next := bytes.IndexAny(v[begin:], ",}"); next >= 0 {
				end = begin + next
			}
			v = slices.Replace(v, begin, end, []byte(m.parts[m.random.IntN(len(m.parts))])...)
		}
	}
	return v
}

// peakMiB is the most memory a process had resident.
func peakMiB(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatalf("the worker is gone: %v", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib int
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		t.Fatalf("VmHWM: %v", err)
	}
	return kib >> 10
}
