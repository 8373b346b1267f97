package kafkatest

import "syscall"

// bound makes the kernel kill the broker when this process ends, however it ends.
func bound() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
