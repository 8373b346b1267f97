package e2e

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"earshot/internal/kafkatest"
)

// member is an `earshot worker`, of a group in most tests.
type member struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  *logged
	gone chan struct{} // closed at its end
}

// member starts a worker of the group; args name other servers than those of up.
func (in *install) member(args ...string) *member {
	in.t.Helper()
	return in.start(append([]string{"worker", "--group", "earshot-e2e", "--listen", "127.0.0.1:0"}, args...)...)
}

// start runs a command that goes on until it is ended.
func (in *install) start(args ...string) *member {
	in.t.Helper()
	m := &member{t: in.t, out: &logged{}, gone: make(chan struct{})}
	m.cmd = in.command(args...)
	m.cmd.Stdout, m.cmd.Stderr = m.out, m.out
	if err := m.cmd.Start(); err != nil {
		in.t.Fatal(err)
	}
	go func() {
		defer close(m.gone)
		_ = m.cmd.Wait() // its state tells
	}()
	in.t.Cleanup(func() {
		_ = m.cmd.Process.Kill() // it may be gone
		<-m.gone
		if in.t.Failed() {
			in.t.Logf("log of a worker:\n%s", tail(m.out.String(), 4000))
		}
	})
	return m
}

// shares is how often the worker got a share of the partitions.
func (m *member) shares() int { return strings.Count(m.out.String(), `msg="group share"`) }

func (m *member) signal(s syscall.Signal) {
	m.t.Helper()
	if err := m.cmd.Process.Signal(s); err != nil {
		m.t.Fatal(err)
	}
}

// end sends the signal and waits; it returns the exit code, -1 for a killed one.
func (m *member) end(s syscall.Signal) int {
	m.t.Helper()
	m.signal(s)
	select {
	case <-m.gone:
	case <-time.After(time.Minute):
		m.t.Fatalf("a worker still runs a minute after %v", s)
	}
	return m.cmd.ProcessState.ExitCode()
}

// Workers of a group come, are killed, hang, wake up and leave while events
// flow: none is lost and none is there twice.
func TestConsumerGroup(t *testing.T) {
	needEngine(t)
	if testing.Short() {
		t.Skip("takes a minute or two: not with -short")
	}
	in := newInstall(t)
	up := in.up("--workers", "0")
	changeMembers(in, up)
}

func TestRealKafkaConsumerGroup(t *testing.T) {
	needEngine(t)
	broker := kafkatest.New(t, kafkatest.Options{})
	in := newInstall(t)
	up := in.up("--workers", "0")
	up.Kafka = broker.Addr()
	changeMembers(in, up, "--kafka", broker.Addr())
}

func changeMembers(in *install, up *running, servers ...string) {
	t := in.t
	file, truth := in.simulated("--seed", "21", "--events", "40000")
	with := func(args ...string) []string { return append(args, servers...) }
	first, killed := in.member(servers...), in.member(servers...)
	eventually(t, time.Minute, "both have a share", func() bool { return first.shares() > 0 && killed.shares() > 0 })
	feed := in.command(with("feed", file, "--rate", "1000/s")...)
	fed := &logged{}
	feed.Stdout, feed.Stderr = fed, fed
	if err := feed.Start(); err != nil {
		t.Fatal(err)
	}
	rows := func() int { return up.number("SELECT count() FROM records") }
	flows := func(what string) {
		t.Helper()
		from := rows()
		eventually(t, time.Minute, "rows after "+what, func() bool { return rows() > from+500 })
	}
	flows("the start")
	if code := killed.end(syscall.SIGKILL); code != -1 {
		t.Errorf("exit %d of a killed worker", code)
	}
	had := first.shares()
	eventually(t, time.Minute, "the other takes over from the killed one", func() bool { return first.shares() > had })
	flows("the kill")
	second, third := in.member(servers...), in.member(servers...)
	eventually(t, time.Minute, "the new ones have a share", func() bool { return second.shares() > 0 && third.shares() > 0 })
	first.signal(syscall.SIGSTOP) // taken for dead, it wakes up with a batch in hand
	had = second.shares()
	eventually(t, time.Minute, "the others take over from the one that hangs", func() bool { return second.shares() > had })
	flows("the hang")
	first.signal(syscall.SIGCONT)
	for _, leaver := range []*member{second, third} { // a deployment, one after the other
		next := in.member(servers...)
		eventually(t, time.Minute, "the replacement has a share", func() bool { return next.shares() > 0 })
		if code := leaver.end(syscall.SIGTERM); code != 0 {
			t.Errorf("exit %d of a worker that was asked to end", code)
		}
	}
	if err := feed.Wait(); err != nil {
		t.Fatalf("feed: %v\n%s", err, fed)
	}
	messages := up.drained(2 * time.Minute)
	got := up.outcomes()
	if got["event"] != truth.Events || got["event"]+got["duplicate"] != messages {
		t.Errorf("outcomes %v of %d messages, the file has %d ids", got, messages, truth.Events)
	}
	in.must(with("audit")...)
}

func TestGroupAndFixedShare(t *testing.T) {
	in := newInstall(t)
	for _, args := range [][]string{{"--index", "1", "--of", "2"}, {"--of", "1"}, {"--index", "0"}} {
		r := in.run(append([]string{"worker", "--group", "g", "--kafka", "127.0.0.1:1", "--clickhouse", "clickhouse://127.0.0.1:1/x"}, args...)...)
		oneLine(t, r, 2, "--group g", "--index")
	}
}
