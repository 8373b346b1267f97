package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"earshot/cmd/earshot/config"
)

// benchStopWait is how long a process may take to end in order.
const benchStopWait = 40 * time.Second

// benchProcess is another earshot that runs for the benchmark.
type benchProcess struct {
	name string
	cmd  *exec.Cmd
	log  bytes.Buffer  // read only after done is closed
	done chan struct{} // closed when the process has ended
}

// startSelf starts this program with other arguments. Of the caller's
// configuration it knows only the variables that tune the worker. It gets a
// SIGTERM when ctx ends.
func startSelf(ctx context.Context, dir string, args ...string) (*benchProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	b := &benchProcess{name: args[0], cmd: exec.CommandContext(ctx, self, args...), done: make(chan struct{})}
	b.cmd.Dir = dir
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "EARSHOT_") || strings.HasPrefix(v, "EARSHOT_WORKER_") {
			b.cmd.Env = append(b.cmd.Env, v)
		}
	}
	b.cmd.Env = append(b.cmd.Env, "EARSHOT_WORKER_LISTEN=127.0.0.1:0", "EARSHOT_LOG_LEVEL=warn")
	b.cmd.Stdout, b.cmd.Stderr = &b.log, &b.log
	b.cmd.Cancel = func() error { return b.cmd.Process.Signal(syscall.SIGTERM) }
	b.cmd.WaitDelay = benchStopWait
	if err := b.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", b.name, err)
	}
	go func() {
		_ = b.cmd.Wait() // how it ended stands in ProcessState
		close(b.done)
	}()
	return b, nil
}

// stop ends the process in order and waits for it.
func (b *benchProcess) stop() error {
	if err := b.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-b.done
	return nil
}

// ended is the error for a process that ended too early.
func (b *benchProcess) ended() error {
	log := strings.TrimSpace(b.log.String())
	if i := strings.LastIndexByte(log, '\n'); i >= 0 {
		log = log[i+1:]
	}
	return fmt.Errorf("%s ended (%v): %s", b.name, b.cmd.ProcessState, log)
}

// await polls ready until it is true, the process ends or ctx does.
func (b *benchProcess) await(ctx context.Context, ready func() (bool, error)) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := ready(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-b.done:
			return b.ended()
		case <-tick.C:
		}
	}
}

// peakMemory is the largest resident size so far in bytes, 0 where the system
// does not tell.
func (b *benchProcess) peakMemory() int64 {
	return statusBytes(strconv.Itoa(b.cmd.Process.Pid), "VmHWM:")
}

// residentMemory is how much of a process ("self" or its id) is in memory now.
func residentMemory(process string) int64 { return statusBytes(process, "VmRSS:") }

// statusBytes reads a size of proc(5), 0 where the system has none.
func statusBytes(process, key string) int64 {
	status, err := os.ReadFile(filepath.Join("/proc", process, "status"))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), key)
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	n, err := strconv.ParseInt(kilobytes, 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}

// startHouse runs broker and engine on free ports under dir.
func startHouse(ctx context.Context, dir string) (*benchProcess, config.Config, error) {
	cfg := config.Default()
	cfg.Data = filepath.Join(dir, "data")
	const free = "127.0.0.1:0"
	up, err := startSelf(ctx, dir, "up", "--data", cfg.Data, "--workers", "0", "--listen", free,
		"--kafka-listen", free, "--clickhouse-listen", free, "--clickhouse-http-listen", free)
	if err != nil {
		return nil, cfg, err
	}
	err = up.await(ctx, func() (bool, error) {
		e, err := config.ReadEndpoints(cfg.Data)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		cfg.Kafka.UseLocal(e.Kafka)
		cfg.ClickHouse.UseLocal(e.ClickHouse)
		return err == nil, err
	})
	if err != nil {
		return nil, cfg, errors.Join(err, up.stop())
	}
	return up, cfg, nil
}
