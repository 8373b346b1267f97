package soak

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestLedger(t *testing.T) {
	l := newLedger(10)
	for i, at := range map[int]place{0: {0, 0}, 1: {1, 0}, 3: {0, 1}, 7: {0, 2}} {
		l.ack(i, at)
	}
	l.ack(3, place{0, 9}) // again, after a kill: the first place counts
	if acked, whole := l.progress(); acked != 4 || whole != 2 {
		t.Errorf("acked %d, whole %d", acked, whole)
	}
	if at, ok := l.at(3); !ok || at != (place{0, 1}) {
		t.Errorf("message 3 at %v, %v", at, ok)
	}
	if got := l.missing(0, 10); !reflect.DeepEqual(got, []span{{2, 3}, {4, 7}, {8, 10}}) {
		t.Errorf("missing %v", got)
	}
	if got := l.backlog(map[int32]int64{0: 4}); got[0] != 6 || got[1] != 1 {
		t.Errorf("backlog %v", got)
	}
}

func TestFeederTakesBackBeforeItGoesOn(t *testing.T) {
	f := &feeder{ledger: newLedger(5000)}
	if s, ok := f.take(1500); !ok || s != (span{0, 1000}) {
		t.Error(s, ok)
	}
	f.again(span{3, 4})
	for _, want := range []span{{3, 4}, {1000, 1500}} {
		if s, ok := f.take(1500); !ok || s != want {
			t.Error(s, ok, want)
		}
	}
	if s, ok := f.take(1500); ok {
		t.Error("beyond the limit", s)
	}
}

func TestAcksRoundTrip(t *testing.T) {
	var b bytes.Buffer
	w := &ackWriter{w: bufio.NewWriter(&b)}
	want := map[int]place{0: {3, 1 << 40}, 4_999_999: {-1, 0}}
	for i, at := range want {
		w.write(i, at)
	}
	if err := w.flush(); err != nil {
		t.Fatal(err)
	}
	b.WriteString("cut off")
	got := map[int]place{}
	readAcks(&b, func(i int, at place) { got[i] = at })
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestRowReader(t *testing.T) {
	// As ClickHouse writes SELECT toInt32(2), toInt64(-1), toInt8(3), toUInt64(7), 'héy' FORMAT RowBinary
	in := &rowReader{r: bufio.NewReader(strings.NewReader("\x02\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\x03\x07\x00\x00\x00\x00\x00\x00\x00\x04h\xc3\xa9y"))}
	var (
		p int32
		o int64
		e int8
		s uint64
	)
	in.number(&p)
	in.number(&o)
	in.number(&e)
	in.number(&s)
	if text := in.text(); in.err != nil || p != 2 || o != -1 || e != 3 || s != 7 || text != "héy" {
		t.Error(p, o, e, s, text, in.err)
	}
	if in.number(&p); in.err != io.EOF {
		t.Error(in.err)
	}
}

func TestGrown(t *testing.T) {
	var flat, leak []sample
	for i := range 40 {
		flat = append(flat, sample{RSS: 100 << 20, Goroutines: 30})
		leak = append(leak, sample{RSS: int64(100+10*i) << 20, Goroutines: int64(30 + 5*i)})
	}
	if g := grown(0, flat); g.RSSAfter != g.RSSBefore || g.GoAfter != g.GoBefore || g.Samples != 40 {
		t.Errorf("%+v", g)
	}
	s := &soak{samplers: []*sampler{{samples: flat}, {samples: leak}}}
	s.checkGrowth()
	if s.v.counts["memory"] != 1 || s.v.counts["goroutines"] != 1 {
		t.Errorf("a leak in one of two workers gave %v", s.v.counts)
	}
}

func TestSummarise(t *testing.T) {
	second := func(v float64) *float64 { return &v }
	got := summarise([]inflicted{{Kind: "b", Recovery: second(3)}, {Kind: "a"}, {Kind: "b", Recovery: second(1)}, {Kind: "b", Recovery: second(2)}})
	if want := []recoveries{{"b", 3, 2, 3, 3}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}

// upstream notes what arrives and answers every line with itself.
func upstream(t *testing.T) (addr string, arrived chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	arrived = make(chan string, 100)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					arrived <- lines.Text()
					_, _ = io.WriteString(conn, lines.Text()+"\n")
				}
			}()
		}
	}()
	return l.Addr().String(), arrived
}

// ask sends a line and says whether it was answered.
func ask(t *testing.T, addr, line string) bool {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := io.WriteString(conn, line+"\n"); err != nil {
		return false
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && answer == line+"\n"
}

// Each trouble does what its name says, and ends.
func TestProxyTroubles(t *testing.T) {
	cases := []struct {
		trouble             string
		arrives, isAnswered bool
	}{
		{"unreachable", false, false},
		{"connections reset", false, false},
		{"connections half-open", false, false},
		{"answers lost", true, false},
		{"late", true, true},
		{"in slices", true, true},
		{"narrow", true, true},
	}
	for _, c := range cases {
		t.Run(c.trouble, func(t *testing.T) {
			addr, arrived := upstream(t)
			p, err := newProxy("test", "127.0.0.1:0", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer p.close()
			if err := p.trouble(c.trouble); err != nil {
				t.Fatal(err)
			}
			if answered := ask(t, p.addr(), "during"); answered != c.isAnswered {
				t.Errorf("answered: %v", answered)
			}
			if c.arrives && <-arrived != "during" || !c.arrives && len(arrived) > 0 {
				t.Error("arrived or not, but not as it should")
			}
			if err := p.heal(context.Background()); err != nil {
				t.Fatal(err)
			}
			if !ask(t, p.addr(), "after") {
				t.Error("the trouble did not end")
			}
		})
	}
}

func TestUnknownTrouble(t *testing.T) {
	addr, _ := upstream(t)
	p, err := newProxy("test", "127.0.0.1:0", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if p.trouble("bored") == nil {
		t.Error("accepted")
	}
}
