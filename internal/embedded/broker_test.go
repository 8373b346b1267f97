package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func startBroker(t *testing.T, o BrokerOptions) *Broker {
	t.Helper()
	o.Log = quiet()
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	b, err := StartBroker(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func client(t *testing.T, addr string, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append(opts, kgo.SeedBrokers(addr))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func createTopic(t *testing.T, c *kgo.Client, name string) {
	t.Helper()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = name, 1, -1
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Topics = append(req.Topics, topic)
	resp, err := req.RequestWith(t.Context(), c)
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].ErrorCode)
	}
	if err != nil {
		t.Fatalf("create %s: %v", name, err)
	}
}

func produce(t *testing.T, c *kgo.Client, topic string, values ...string) {
	t.Helper()
	for _, v := range values {
		r := &kgo.Record{Topic: topic, Value: []byte(v), Timestamp: time.Now().AddDate(-1, 0, 0)}
		if err := c.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatalf("produce: %v", err)
		}
	}
}

// consume reads n values from the start of the topic.
func consume(t *testing.T, addr, topic string, n int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := client(t, addr, kgo.ConsumeTopics(topic))
	defer c.Close()
	var got []string
	for len(got) < n {
		fetches := c.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatalf("after %d of %d: %v", len(got), n, err)
		}
		fetches.EachRecord(func(r *kgo.Record) { got = append(got, string(r.Value)) })
	}
	return got
}

func TestBrokerKeepsRecordsOverRestart(t *testing.T) {
	dir := t.TempDir()
	b := startBroker(t, BrokerOptions{Dir: dir})
	c := client(t, b.Addr())
	createTopic(t, c, "events")
	produce(t, c, "events", "a", "b", "c")
	b.Close()
	// The same port again: clients find it where it was.
	b = startBroker(t, BrokerOptions{Dir: dir, Listen: b.Addr()})
	if got := consume(t, b.Addr(), "events", 3); strings.Join(got, "") != "abc" {
		t.Fatalf("after restart: %v", got)
	}
}

// brokerArg makes the test binary a broker that serves until it is killed.
const brokerArg = "embedded-broker-child"

func serveBroker(dir string) error {
	b, err := StartBroker(BrokerOptions{Dir: dir, Listen: "127.0.0.1:0", Log: quiet()})
	if err != nil {
		return err
	}
	fmt.Println(b.Addr())
	select {}
}

func TestBrokerKeepsAcknowledgedRecordsOverKill(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for round := range 3 {
		addr, kill := spawnBroker(t, dir)
		c := client(t, addr)
		if round == 0 {
			createTopic(t, c, "events")
		}
		for i := range 200 {
			v := fmt.Sprintf("%d.%d", round, i)
			produce(t, c, "events", v)
			want = append(want, v)
		}
		kill()
	}
	b := startBroker(t, BrokerOptions{Dir: dir})
	got := consume(t, b.Addr(), "events", len(want))
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Fatalf("%d records, %d acknowledged", len(got), len(want))
	}
}

func spawnBroker(t *testing.T, dir string) (addr string, kill func()) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, brokerArg, dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	t.Cleanup(kill)
	if _, err := fmt.Fscanln(out, &addr); err != nil {
		t.Fatal(err)
	}
	return addr, kill
}

func TestBrokerBoundsItsLogBySizeNotByTime(t *testing.T) {
	b := startBroker(t, BrokerOptions{Dir: t.TempDir(), partitionBytes: 64 << 10, cleanEvery: 50 * time.Millisecond})
	c := client(t, b.Addr(), kgo.ProducerBatchCompression(kgo.NoCompression()))
	createTopic(t, c, "small")
	createTopic(t, c, "big")
	produce(t, c, "small", "a year old")
	for range 40 {
		produce(t, c, "big", strings.Repeat("x", 8<<10))
	}
	first := func(topic string) int64 {
		req := kmsg.NewPtrListOffsetsRequest()
		p := kmsg.NewListOffsetsRequestTopicPartition()
		p.Timestamp = -2
		rt := kmsg.NewListOffsetsRequestTopic()
		rt.Topic, rt.Partitions = topic, append(rt.Partitions, p)
		req.Topics = append(req.Topics, rt)
		resp, err := req.RequestWith(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		return resp.Topics[0].Partitions[0].Offset
	}
	waitFor(t, 5*time.Second, func() bool { return first("big") > 20 })
	if got := first("small"); got != 0 {
		t.Fatalf("an old timestamp deleted an unread message: log starts at %d", got)
	}
}

// Garbage on the port must neither end the process nor claim gigabytes.
func TestBrokerSurvivesStrangers(t *testing.T) {
	b := startBroker(t, BrokerOptions{Dir: t.TempDir()})
	for name, send := range map[string]string{
		"nothing":          "",
		"half a length":    "\x00\x00",
		"HTTP":             "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"TLS":              "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"unknown key":      "\x00\x00\x00\x0c\x7f\xff\x00\x00\x00\x00\x00\x01\xff\xff\x00\x00",
		"negative key":     "\x00\x00\x00\x0c\xff\xff\x00\x00\x00\x00\x00\x01\xff\xff\x00\x00",
		"unknown version":  "\x00\x00\x00\x0c\x00\x03\x7f\xff\x00\x00\x00\x01\xff\xff\x00\x00",
		"too long":         "\x7f\xff\xff\xff\x00\x03\x00\x00",
		"too short":        "\x00\x00\x00\x01\x00",
		"truncated fields": "\x00\x00\x00\x0a\x00\x00\x00\x03\x00\x00\x00\x01\x00\xff",
	} {
		for range 5 {
			reset(t, b.Addr(), []byte(send))
		}
		c := client(t, b.Addr())
		if err := c.Ping(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		c.Close()
	}
}

func TestGuardPassesRequestsOfAnySplit(t *testing.T) {
	request := []byte("\x00\x00\x00\x0b\x00\x12\x00\x00\x00\x00\x00\x07\x00\x01a")
	for size := 1; size <= 2*len(request); size++ {
		here, there := net.Pipe()
		go func() {
			defer there.Close()
			for rest := append(append([]byte{}, request...), request...); len(rest) > 0; {
				n, err := there.Write(rest[:min(size, len(rest))])
				if err != nil {
					return
				}
				rest = rest[n:]
			}
		}()
		guard := &guardConn{Conn: here}
		var got []byte
		buf := make([]byte, size)
		for {
			n, err := guard.Read(buf)
			got = append(got, buf[:n]...)
			if err != nil {
				break
			}
		}
		here.Close()
		if string(got) != string(request)+string(request) {
			t.Fatalf("in pieces of %d: %q", size, got)
		}
	}
}

func TestStartBrokerErrors(t *testing.T) {
	b := startBroker(t, BrokerOptions{Dir: t.TempDir()})
	var busy *BusyError
	if _, err := StartBroker(BrokerOptions{Dir: t.TempDir(), Listen: b.Addr(), Log: quiet()}); !errors.As(err, &busy) || busy.Addr != b.Addr() {
		t.Errorf("busy port: %v", err)
	}
	for _, listen := range []string{"0.0.0.0:9092", ":9092", "[::]:9092", "9092", "nonsense"} {
		if _, err := StartBroker(BrokerOptions{Dir: t.TempDir(), Listen: listen, Log: quiet()}); err == nil {
			t.Errorf("%s: accepted", listen)
		}
	}
}
