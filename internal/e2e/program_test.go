package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// result is what a command left behind.
type result struct {
	code           int
	stdout, stderr string
}

// install is one user's place: a data directory, and a working directory
// without a configuration file.
type install struct {
	t         *testing.T
	data, cwd string
}

func newInstall(t *testing.T) *install {
	t.Helper()
	return &install{t: t, data: t.TempDir(), cwd: t.TempDir()}
}

// environment drops the caller's EARSHOT_ settings.
func (in *install) environment() []string {
	env := []string{"EARSHOT_DATA=" + in.data}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "EARSHOT_") {
			env = append(env, v)
		}
	}
	return env
}

func (in *install) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(in.t.Context(), os.Getenv(binaryVar), args...)
	cmd.Dir, cmd.Env = in.cwd, in.environment()
	return cmd
}

// run executes one command to its end.
func (in *install) run(args ...string) result {
	in.t.Helper()
	return in.runWith(nil, args...)
}

func (in *install) runWith(stdin io.Reader, args ...string) result {
	in.t.Helper()
	cmd := in.command(args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		in.t.Fatalf("%v: %v", args, err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// must is run for commands that have to succeed; it returns standard output.
func (in *install) must(args ...string) string {
	in.t.Helper()
	r := in.run(args...)
	if r.code != 0 {
		in.t.Fatalf("earshot %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.stdout, r.stderr)
	}
	return r.stdout
}

// decode reads the standard output of a command as JSON.
func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	return v
}

// eventually waits for a condition, up to a limit.
func eventually(t *testing.T, limit time.Duration, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !done(); {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, limit)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// logged keeps what a process writes, for the report of a failed test.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
