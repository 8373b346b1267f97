//go:build !linux

package kafkatest

import "syscall"

func bound() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
