package embedded

import "syscall"

// bound makes the kernel kill the child when the thread that started it ends,
// so that nothing is left behind even after a kill -9 of this process.
func bound() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// self is this program's own file; it stays right when the file on disk is
// replaced or removed.
func self() (string, error) { return "/proc/self/exe", nil }
