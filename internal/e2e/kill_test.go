package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A kill -9 in the middle of a feed loses nothing and doubles nothing, once
// `up` runs again and the file is fed again.
func TestKillInTheMiddleOfAFeed(t *testing.T) {
	needEngine(t)
	in := newInstall(t)
	file, truth := in.simulated("--seed", "12", "--events", "30000")
	up := in.up()
	feed := in.command("feed", file, "--rate", "6000/s")
	if err := feed.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, 30*time.Second, "rows while feeding", func() bool { return up.number("SELECT count() FROM records") > 6000 })
	if _, err := up.stop(syscall.SIGKILL, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	if err := feed.Wait(); err == nil {
		t.Error("feed succeeded without a broker")
	}

	up = in.up()
	in.must("feed", file)
	messages := up.drained(60 * time.Second)
	got := up.outcomes()
	if got["event"] != truth.Events || got["dead"] != 0 || got["event"]+got["duplicate"] != messages {
		t.Errorf("outcomes %v of %d messages, the file has %d ids", got, messages, truth.Events)
	}
	if n := up.number("SELECT uniqExact(event_id) FROM feedback"); n != truth.Events {
		t.Errorf("%d different ids stored, the file has %d", n, truth.Events)
	}
	checkIDs(t, in, up, file)
	in.must("audit")
}

// checkIDs looks for each id of the file in the table.
func checkIDs(t *testing.T, in *install, up *running, file string) {
	t.Helper()
	stored := map[string]bool{}
	for _, id := range up.query("SELECT event_id FROM feedback") {
		stored[id] = true
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var e struct{ ID string }
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		if !stored[e.ID] {
			t.Fatalf("event %s is lost", e.ID)
		}
	}
}

func TestTerminateLeavesNothingBehind(t *testing.T) {
	needEngine(t)
	in := newInstall(t)
	up := in.up()
	if len(in.left()) == 0 {
		t.Fatal("no process names the data directory: the check below would prove nothing")
	}
	code, err := up.stop(syscall.SIGTERM, 15*time.Second)
	if err != nil || code != 0 {
		t.Fatalf("exit %d, %v", code, err)
	}
	if left := in.left(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := os.Stat(filepath.Join(in.data, "endpoints.json")); !os.IsNotExist(err) {
		t.Errorf("endpoints.json is still there: %v", err)
	}
}
