package kafkatest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listens says whether somebody takes connections there.
func listens(addr string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

func TestRealKafkaLife(t *testing.T) {
	b := New(t, Options{})
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	addr, first := b.Addr(), b.PID()
	if !listens(addr) || first == 0 {
		t.Fatalf("nobody listens at %s (process %d)", addr, first)
	}
	if err := b.Pause(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); stateOf(t, first) != "T"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("paused process is in state %s", stateOf(t, first))
		}
	}
	if err := b.Resume(); err != nil {
		t.Fatal(err)
	}
	if err := b.Kill(); err != nil {
		t.Fatal(err)
	}
	if listens(addr) || b.PID() != 0 {
		t.Error("killed, it still listens")
	}
	if err := b.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	if b.Addr() != addr || !listens(addr) || b.PID() == first {
		t.Errorf("restarted at %s, was at %s", b.Addr(), addr)
	}
	if err := b.Stop(); err != nil {
		t.Fatal(err)
	}
	if listens(addr) {
		t.Error("stopped, it still listens")
	}
}

// stateOf reads a process's state as the kernel shows it.
func stateOf(t *testing.T, pid int) string {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("no /proc here")
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if state, ok := strings.CutPrefix(lines.Text(), "State:\t"); ok {
			return state[:1]
		}
	}
	t.Fatal("no state")
	return ""
}

func TestRealKafkaListens(t *testing.T) {
	var log bytes.Buffer
	b := New(t, Options{Secure: true, Log: &log})
	s := b.Secured()
	for _, addr := range []string{b.Addr(), s.TLS, s.MutualTLS, s.SASLTLS, s.SASL} {
		if !listens(addr) {
			t.Errorf("nobody listens at %s", addr)
		}
	}
	if err := b.Stop(); err != nil { // its log is complete
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "Kafka Server started") {
		t.Error("the log did not arrive")
	}
}

func TestRealKafkaSaysWhy(t *testing.T) {
	Require(t)
	_, err := Start(context.Background(), Options{Dir: t.TempDir(), Properties: map[string]string{"num.io.threads": "none"}})
	if err == nil || !strings.Contains(err.Error(), "num.io.threads") {
		t.Errorf("got %v", err)
	}
}

func TestPomNamesVersion(t *testing.T) {
	if !bytes.Contains(pom, []byte("<version>"+Version+"</version>")) {
		t.Error("pom.xml names another version than the cache folder")
	}
	if _, err := exec.LookPath("java"); err != nil && os.Getenv(Switch) == "1" {
		t.Error("java is required by " + Switch)
	}
}
