package embedded

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"github.com/creack/pty"
)

// stopWait is how long an engine may take to finish its running queries.
const stopWait = 10 * time.Second

// child is one run of the engine's process.
type child struct {
	cmd      *exec.Cmd
	terminal *os.File // nil for a server
	out      *tail
	prompts  chan struct{} // one for each prompt that the terminal showed
	drained  chan struct{} // closed once all output is read
	exited   chan struct{} // closed once the process is gone
}

// startLibrary runs ClickHouse's library interactively on a terminal of its
// own. Only so does it survive clients that reset their connection (ClickHouse
// issue 115666: without a terminal such a reset aborts the whole server).
func startLibrary(library string, childArgs []string, f engineFiles) (*child, error) {
	program, err := self()
	if err != nil {
		return nil, err
	}
	args := append(append([]string{}, childArgs...), library,
		"--config-file="+f.Config, "--log-level=warning", "--disable_suggestion", "--history_file="+f.History)
	c := newChild(exec.Command(program, args...))
	c.cmd.Args[0] = "earshot"
	c.cmd.Env = append(os.Environ(), "TERM=xterm")
	c.cmd.SysProcAttr = bound()
	c.terminal, err = pty.StartWithSize(c.cmd, &pty.Winsize{Rows: 24, Cols: 200})
	if err != nil {
		return nil, fmt.Errorf("start engine: %w", err)
	}
	go c.drain()
	go c.wait()
	return c, nil
}

// startServer runs an installed ClickHouse as a server.
func startServer(program string, f engineFiles) (*child, error) {
	c := newChild(exec.Command(program, "server", "--config-file="+f.Config))
	c.cmd.Dir = f.Data
	c.cmd.Stdout, c.cmd.Stderr = c.out, c.out
	c.cmd.SysProcAttr = bound()
	c.cmd.SysProcAttr.Setsid = true // Ctrl-C in the user's terminal is ours to handle
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start engine: %w", err)
	}
	close(c.drained)
	go c.wait()
	return c, nil
}

func newChild(cmd *exec.Cmd) *child {
	return &child{
		cmd: cmd, out: &tail{}, prompts: make(chan struct{}, 64),
		drained: make(chan struct{}), exited: make(chan struct{}),
	}
}

func (c *child) wait() {
	_ = c.cmd.Wait() // how it ended is in its output
	<-c.drained
	if c.terminal != nil {
		c.terminal.Close()
	}
	close(c.exited)
}

// drain reads the terminal for as long as the process lives: one that nobody
// reads would block the engine.
func (c *child) drain() {
	defer close(c.drained)
	prompt := []byte(":) ")
	buf := make([]byte, 4096)
	kept := 0
	for {
		n, err := c.terminal.Read(buf[kept:])
		if err != nil {
			return
		}
		_, _ = c.out.Write(buf[kept : kept+n])
		seen := buf[:kept+n]
		for range bytes.Count(seen, prompt) {
			select {
			case c.prompts <- struct{}{}:
			default:
			}
		}
		// A prompt may be cut in two: keep what could be its start.
		rest := seen
		if i := bytes.LastIndex(seen, prompt); i >= 0 {
			rest = seen[i+len(prompt):]
		}
		rest = rest[max(0, len(rest)-len(prompt)+1):]
		kept = copy(buf, rest)
	}
}

// enter types a line once the engine shows its prompt.
func (c *child) enter(line string, timeout <-chan time.Time, stop <-chan struct{}) error {
	select {
	case <-c.prompts:
		_, err := fmt.Fprintf(c.terminal, "%s\r", line)
		return err
	case <-c.exited:
		return c.failure("ended")
	case <-timeout:
		return c.failure("shows no prompt")
	case <-stop:
		return errStopped
	}
}

// failure describes why the engine did not do what it should.
func (c *child) failure(what string) error {
	if reason := c.out.reason(); reason != "" {
		return fmt.Errorf("the engine %s: %s", what, reason)
	}
	return fmt.Errorf("the engine %s (%s)", what, c.state())
}

// state is how the process ended.
func (c *child) state() string {
	select {
	case <-c.exited:
		return c.cmd.ProcessState.String()
	default:
		return "still running"
	}
}

// end asks the process to finish its queries and go, then makes it.
func (c *child) end(force <-chan struct{}) {
	if c.terminal != nil {
		_, _ = fmt.Fprint(c.terminal, "exit\r")
	} else {
		_ = c.cmd.Process.Signal(syscall.SIGTERM)
	}
	select {
	case <-c.exited:
		return
	case <-time.After(stopWait):
	case <-force:
	}
	c.kill()
}

func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	<-c.exited
}

// runOnThread runs a command that is bound to this process (see bound).
func runOnThread(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return cmd.Run()
}
