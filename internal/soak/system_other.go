//go:build !linux

package soak

import (
	"errors"
	"syscall"
)

var errLinuxOnly = errors.New("only on Linux")

func bound() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

func childOf(int) (int, error) { return 0, errLinuxOnly }

func mountSmallDisk(string, int64) error { return errLinuxOnly }

func unmount(string) {}

func fill(string, int64) (func() error, error) { return nil, errLinuxOnly }
