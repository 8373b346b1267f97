package kafkatest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

const (
	clusterID = "4L6g3nShT-eMCtK--X86sw"
	stopWait  = 30 * time.Second
)

// format prepares the data folder; the SCRAM users must be known then.
func (b *Broker) format(ctx context.Context) error {
	args := []string{"-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", b.Jars(),
		"kafka.tools.StorageTool", "format", "-t", clusterID, "-c", b.files.properties, "--ignore-formatted"}
	if s := b.secured; s != nil {
		for _, mechanism := range []string{"SCRAM-SHA-256", "SCRAM-SHA-512"} {
			args = append(args, "--add-scram", fmt.Sprintf("%s=[name=%s,password=%s]", mechanism, s.Username, s.Password))
		}
	}
	if out, err := exec.CommandContext(ctx, "java", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("format: %w: %s", err, lastLines(out, 5))
	}
	return nil
}

// process is one run of the broker.
type process struct {
	cmd    *exec.Cmd
	out    *output
	exited chan struct{}
}

// launch starts the broker and waits until it serves clients.
func (b *Broker) launch(ctx context.Context) (*process, error) {
	log, err := os.OpenFile(b.files.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	writers := []io.Writer{log}
	if b.opts.Log != nil {
		writers = append(writers, b.opts.Log)
	}
	p := &process{out: newOutput(io.MultiWriter(writers...)), exited: make(chan struct{})}
	p.cmd = exec.Command("java", "-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
		"-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-Dorg.slf4j.simpleLogger.showDateTime=true",
		"-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
		"-cp", b.Jars(), "kafka.Kafka", filepath.Base(b.files.properties))
	p.cmd.Dir = b.files.dir
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.SysProcAttr = bound()
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	go func() {
		defer close(p.exited)
		_ = p.cmd.Wait() // how it ended is in its log
		_ = log.Close()
	}()
	select {
	case <-p.out.ready:
		return p, nil
	case <-p.exited:
		return nil, fmt.Errorf("the broker ended (%s): %s", p.cmd.ProcessState, p.out.last())
	case <-ctx.Done():
		return nil, errors.Join(fmt.Errorf("the broker is not ready: %w: %s", ctx.Err(), p.out.last()), p.kill())
	}
}

func (p *process) stop() error {
	if err := errors.Join(p.signal(syscall.SIGCONT), p.signal(syscall.SIGTERM)); err != nil {
		return err
	}
	select {
	case <-p.exited:
		return nil
	case <-time.After(stopWait):
		return p.kill()
	}
}

func (p *process) kill() error {
	err := p.signal(syscall.SIGKILL)
	<-p.exited
	return err
}

func (p *process) signal(s os.Signal) error {
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// Pause stops the broker's threads (SIGSTOP) until Resume: its connections stay
// open and nobody answers.
func (b *Broker) Pause() error { return b.signal(syscall.SIGSTOP) }

// Resume lets a paused broker go on.
func (b *Broker) Resume() error { return b.signal(syscall.SIGCONT) }

func (b *Broker) signal(s os.Signal) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.run == nil {
		return errors.New("the broker does not run")
	}
	return b.run.signal(s)
}

// output passes the broker's log on and watches it for the line that says that
// clients are served.
type output struct {
	mu    sync.Mutex
	to    io.Writer
	tail  []byte // the last few lines
	ready chan struct{}
	once  sync.Once
}

const tailBytes = 4 << 10

func newOutput(to io.Writer) *output { return &output{to: to, ready: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tail = append(o.tail, p...)
	if bytes.Contains(o.tail, []byte("Kafka Server started")) {
		o.once.Do(func() { close(o.ready) })
	}
	o.tail = o.tail[max(0, len(o.tail)-tailBytes):]
	return o.to.Write(p)
}

func (o *output) last() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return lastLines(o.tail, 8)
}
