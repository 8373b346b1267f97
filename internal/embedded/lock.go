package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const lockFile = "lock"

// HeldError means that another process works on the data directory.
type HeldError struct {
	Dir string
	PID int // 0: unknown
}

func (e *HeldError) Error() string {
	if e.PID == 0 {
		return "an earshot already runs on " + e.Dir
	}
	return fmt.Sprintf("an earshot already runs on %s (process %d)", e.Dir, e.PID)
}

// Lock keeps a data directory for one process. The kernel frees it when the
// process ends, however it ends.
type Lock struct{ file *flock.Flock }

// AcquireLock takes the directory, which must exist, or returns a HeldError.
func AcquireLock(ctx context.Context, dir string) (*Lock, error) {
	path := filepath.Join(dir, lockFile)
	file := flock.New(path)
	// Someone may only be looking (see Holder): give him time to let go.
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	held, err := file.TryLockContext(ctx, 20*time.Millisecond)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, &HeldError{Dir: dir, PID: holder(path)}
	}
	if err != nil || !held {
		return nil, fmt.Errorf("lock: %w", err)
	}
	if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		file.Close()
		return nil, fmt.Errorf("lock: %w", err)
	}
	return &Lock{file}, nil
}

// Release frees the directory. The file stays: removing it would let two
// processes hold locks on two files of the same name.
func (l *Lock) Release() error { return l.file.Close() }

// Holder returns the process that works on the data directory, if one does.
func Holder(dir string) (pid int, running bool) {
	path := filepath.Join(dir, lockFile)
	if _, err := os.Stat(path); err != nil {
		return 0, false
	}
	file := flock.New(path)
	defer file.Close()
	free, err := file.TryRLock()
	if err != nil || free {
		return 0, false
	}
	return holder(path), true
}

func holder(path string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}
