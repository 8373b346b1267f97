package main

import (
	"os"
	"runtime"
	"syscall"
)

// lowestPriority is the nice value that gets what nobody else wants.
const lowestPriority = 19

// inBackground runs a computation on a thread of the lowest priority, and one more
// of Go's processors for as long: all that the workers have stay theirs, and the
// kernel gives the computation what they leave idle.
func inBackground(f func()) {
	n := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(n + 1)
	defer func() {
		if os.Getenv("GOMAXPROCS") != "" {
			runtime.GOMAXPROCS(n)
			return
		}
		runtime.SetDefaultGOMAXPROCS() // it follows the limits of the container again
	}()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		// Without the right to be nice it runs as everything else does.
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), lowestPriority)
		f()
	}()
	<-done
}
