package soak

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a program that is started again and again under one name. Its
// output goes to NAME.log in the run's folder.
type process struct {
	name    string
	dir     string // working directory and place of the log
	program string
	args    []string
	env     []string // beside those of this process without EARSHOT_
	spawn   *spawner
	// piped processes talk over stdin and stdout; their stderr is logged.
	piped bool

	mu      sync.Mutex
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	stdout  io.ReadCloser
	exited  chan struct{} // of the current run
	wanted  bool          // it should run
	crashes int           // ends that nobody asked for
}

// start runs the program unless it runs.
func (p *process) start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil {
		return nil
	}
	log, err := os.OpenFile(p.logPath(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() // the child has its own
	cmd := exec.Command(p.program, p.args...)
	cmd.Dir, cmd.Env, cmd.Stderr = p.dir, append(environment(), p.env...), log
	if p.piped {
		if p.stdin, err = cmd.StdinPipe(); err == nil {
			p.stdout, err = cmd.StdoutPipe()
		}
		if err != nil {
			return err
		}
	} else {
		cmd.Stdout = log
	}
	if err := p.spawn.start(cmd); err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	p.cmd, p.exited, p.wanted = cmd, make(chan struct{}), true
	go p.wait(cmd, p.exited)
	return nil
}

func (p *process) wait(cmd *exec.Cmd, exited chan struct{}) {
	if p.piped {
		_, _ = cmd.Process.Wait() // cmd.Wait would close the pipe before it is read to its end
	} else {
		_ = cmd.Wait() // how it ended is in its log
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd = nil
	if p.wanted {
		p.crashes++
	}
	close(exited)
}

// setenv sets the environment of the next start, beside this process's.
func (p *process) setenv(env ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.env = env
}

// signal sends s to the running process.
func (p *process) signal(s syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return fmt.Errorf("%s does not run", p.name)
	}
	return p.cmd.Process.Signal(s)
}

// end signals the process and waits until it is gone; one that does not go
// within the limit is killed.
func (p *process) end(s syscall.Signal, limit time.Duration) error {
	p.mu.Lock()
	p.wanted = false
	cmd, exited := p.cmd, p.exited
	if cmd == nil {
		p.mu.Unlock()
		return nil
	}
	err := cmd.Process.Signal(s)
	p.mu.Unlock()
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-exited:
		return nil
	case <-time.After(limit):
	}
	_ = cmd.Process.Kill() // it may have gone just now
	<-exited
	return fmt.Errorf("%s did not end within %v of %v", p.name, limit, s)
}

func (p *process) kill() error { return p.end(syscall.SIGKILL, 20*time.Second) }

func (p *process) running() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cmd != nil
}

// missing says that the process should run and does not.
func (p *process) missing() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wanted && p.cmd == nil
}

func (p *process) pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

func (p *process) unasked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.crashes
}

func (p *process) logPath() string { return filepath.Join(p.dir, p.name+".log") }

// lastWords are the end of the process's log.
func (p *process) lastWords(lines int) string {
	f, err := os.Open(p.logPath())
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	var last []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if last = append(last, s.Text()); len(last) > lines {
			last = last[1:]
		}
	}
	return strings.Join(last, "\n")
}

// environment is this process's, without settings of Earshot.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "EARSHOT_") {
			env = append(env, v)
		}
	}
	return env
}
