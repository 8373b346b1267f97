package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"earshot/internal/kafkatest"
)

// engines are the processes of this installation's ClickHouse.
func (in *install) engines() []int {
	in.t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		in.t.Fatal(err)
	}
	var found []int
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(line), in.data) || !strings.Contains(string(line), "clickhouse/engine.xml") {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			in.t.Fatal(err)
		}
		found = append(found, pid)
	}
	return found
}

// While ClickHouse is down, hangs, or has too many parts, the worker waits; soon
// after it goes on, and nothing is lost or there twice. The log does not tell of
// each try.
func TestOutages(t *testing.T) {
	needEngine(t)
	if testing.Short() {
		t.Skip("takes a minute or two: not with -short")
	}
	in := newInstall(t)
	up := in.up("--workers", "0")
	w := in.member()
	file, _ := in.simulated("--seed", "31", "--events", "60000")
	feed := in.command("feed", file, "--rate", "1000/s")
	if err := feed.Start(); err != nil {
		t.Fatal(err)
	}
	rows := func() int {
		text, err := up.tryQuery("SELECT count() FROM records")
		n, parseErr := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || parseErr != nil {
			return -1 // it is down
		}
		return n
	}
	goesOn := func(after string) {
		t.Helper()
		from := -1
		eventually(t, time.Minute, "ClickHouse after "+after, func() bool { from = rows(); return from >= 0 })
		back := time.Now()
		eventually(t, time.Minute, "rows after "+after, func() bool { return rows() > from })
		t.Logf("rows again %v after ClickHouse answers again (%s)", time.Since(back).Round(time.Millisecond), after)
	}
	goesOn("the start")
	for range 3 {
		for _, pid := range in.engines() {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		goesOn("a kill")
	}
	for _, pid := range in.engines() {
		hang(t, pid, 8*time.Second)
	}
	goesOn("a hang")
	up.query("ALTER TABLE records MODIFY SETTING parts_to_delay_insert = 1, parts_to_throw_insert = 1")
	eventually(t, time.Minute, "the worker tells of too many parts", func() bool { return strings.Contains(w.out.String(), "Too many parts") })
	time.Sleep(5 * time.Second)
	up.query("ALTER TABLE records RESET SETTING parts_to_delay_insert, parts_to_throw_insert")
	goesOn("too many parts")
	if err := feed.Wait(); err != nil {
		t.Fatal(err)
	}
	up.drained(2 * time.Minute)
	in.must("audit")
	if told := strings.Count(w.out.String(), "trying again"); told > 4*6 { // partitions, outages
		t.Errorf("%d lines tell of outages", told)
	}
	if code := w.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit %d", code)
	}
}

// hang stops the process for a while.
func hang(t *testing.T, pid int, d time.Duration) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(d)
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(fmt.Errorf("wake %d: %w", pid, err))
	}
}

// A broker that is killed and comes back: the worker goes on by itself, and a
// group finds together again.
func TestRealKafkaKilled(t *testing.T) {
	needEngine(t)
	broker := kafkatest.New(t, kafkatest.Options{})
	in := newInstall(t)
	up := in.up("--workers", "0")
	up.Kafka = broker.Addr()
	w := in.member("--kafka", broker.Addr())
	file, _ := in.simulated("--seed", "33", "--events", "2000")
	in.must("feed", file, "--kafka", broker.Addr())
	up.drained(time.Minute)
	if err := broker.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, time.Minute, "the worker tells of it", func() bool { return strings.Contains(w.out.String(), "trying again") })
	if err := broker.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	file, _ = in.simulated("--seed", "34", "--events", "2000")
	in.must("feed", file, "--kafka", broker.Addr())
	back := time.Now()
	up.drained(time.Minute)
	t.Logf("caught up %v after new events were there", time.Since(back).Round(time.Millisecond))
	in.must("audit", "--kafka", broker.Addr())
}
