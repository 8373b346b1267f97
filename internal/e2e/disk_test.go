//go:build linux

package e2e

import (
	"os"
	"syscall"
	"testing"
)

// A full disk: `up` says so, in one line.
func TestFullDisk(t *testing.T) {
	needEngine(t)
	if os.Getuid() != 0 {
		t.Skip("mounting a small file system needs root")
	}
	in := newInstall(t)
	if err := syscall.Mount("tmpfs", in.data, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no small file system: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(in.data, syscall.MNT_DETACH) })
	if err := os.WriteFile(in.data+"/filler", make([]byte, 1<<20-16<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	oneLine(t, in.run(append([]string{"up"}, freePorts...)...), 1, in.data, "full", "--data")
}
