//go:build !linux

package embedded

import (
	"os"
	"syscall"
)

// bound has nothing to ask for here: an engine on a terminal ends by itself
// when this process and with it the terminal goes away.
func bound() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

func self() (string, error) { return os.Executable() }
