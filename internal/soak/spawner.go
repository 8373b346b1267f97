package soak

import (
	"os/exec"
	"runtime"
)

// spawner starts processes from one thread that lives as long as it does: the
// kernel ends what is bound to a thread when that thread ends, so that nothing
// is left behind even if this process is killed.
type spawner struct{ orders chan order }

type order struct {
	cmd  *exec.Cmd
	done chan error
}

func newSpawner() *spawner {
	s := &spawner{orders: make(chan order)}
	go func() {
		runtime.LockOSThread() // never unlocked
		for o := range s.orders {
			o.done <- o.cmd.Start()
		}
	}()
	return s
}

func (s *spawner) start(cmd *exec.Cmd) error {
	cmd.SysProcAttr = bound()
	o := order{cmd, make(chan error)}
	s.orders <- o
	return <-o.done
}

// close ends the thread, and with it what still runs.
func (s *spawner) close() { close(s.orders) }
