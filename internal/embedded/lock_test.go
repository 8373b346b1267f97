package embedded

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestLockIsHeldByOne(t *testing.T) {
	dir := t.TempDir()
	if pid, running := Holder(dir); running || pid != 0 {
		t.Fatalf("before: %d, %v", pid, running)
	}
	lock, err := AcquireLock(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var held *HeldError
	if _, err := AcquireLock(t.Context(), dir); !errors.As(err, &held) || held.PID != os.Getpid() {
		t.Fatalf("second: %v", err)
	}
	if text := held.Error(); !strings.Contains(text, strconv.Itoa(os.Getpid())) || !strings.Contains(text, dir) {
		t.Errorf("message: %s", text)
	}
	if pid, running := Holder(dir); !running || pid != os.Getpid() {
		t.Errorf("holder: %d, %v", pid, running)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if _, running := Holder(dir); running {
		t.Error("held after release")
	}
	lock, err = AcquireLock(t.Context(), dir)
	if err != nil {
		t.Fatalf("again: %v", err)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
}
