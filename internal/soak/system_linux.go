package soak

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// bound makes a process die with the thread that started it, and gives it a
// session of its own: Ctrl-C is this process's to handle.
func bound() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setsid: true}
}

// childOf finds the one child of a process.
func childOf(parent int) (int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	for _, path := range stats {
		data, err := os.ReadFile(path)
		if err != nil {
			continue // gone
		}
		// pid (name) state ppid …; the name may hold anything
		rest := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
		if len(rest) < 2 || string(rest[1]) != strconv.Itoa(parent) || string(rest[0]) == "Z" {
			continue
		}
		return strconv.Atoi(filepath.Base(filepath.Dir(path)))
	}
	return 0, fmt.Errorf("process %d has no child", parent)
}

// mountSmallDisk puts a file system of its own on dir.
func mountSmallDisk(dir string, bytes int64) error {
	if os.Getuid() != 0 {
		return fmt.Errorf("mounting needs root")
	}
	return syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0700", bytes))
}

func unmount(dir string) { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }

// fill leaves about so many bytes free on dir's file system, by a file that
// grows with each call and that free removes.
func fill(dir string, leave int64) (free func() error, err error) {
	path := filepath.Join(dir, "filler")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	free = func() error { return os.Remove(path) }
	info, err := f.Stat()
	if err != nil {
		return free, err
	}
	for { // others write at the same time: what was free a moment ago may not be
		var st syscall.Statfs_t
		if err := syscall.Statfs(dir, &st); err != nil {
			return free, err
		}
		n := int64(st.Bavail)*st.Bsize - leave
		if n <= 0 {
			return free, nil
		}
		err := syscall.Fallocate(int(f.Fd()), 0, info.Size(), n)
		if err == nil || !errors.Is(err, syscall.ENOSPC) {
			return free, err
		}
		leave += 1 << 20
	}
}
