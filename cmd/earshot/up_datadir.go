package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"earshot/cmd/earshot/config"
	"earshot/internal/embedded"
)

// leastFree is the space without which starting makes no sense.
const leastFree = 256 << 20

// dataDir is the directory of a running `up`, kept for this process alone.
type dataDir struct {
	path string // absolute
	lock *embedded.Lock
}

// openDataDir makes and locks the directory and removes the endpoints that a
// killed `up` left there.
func openDataDir(ctx context.Context, path string) (*dataDir, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, unusable(path, err)
	}
	lock, err := embedded.AcquireLock(ctx, path)
	var held *embedded.HeldError
	if errors.As(err, &held) {
		return nil, fmt.Errorf("%w: stop it first, or give another --data", held)
	}
	if err != nil {
		return nil, unusable(path, err)
	}
	d := &dataDir{path: path, lock: lock}
	if err := d.prepare(); err != nil {
		d.release()
		return nil, err
	}
	return d, nil
}

func (d *dataDir) prepare() error {
	d.removeEndpoints()
	free, err := embedded.FreeBytes(d.path)
	if err != nil {
		return unusable(d.path, err)
	}
	if free < leastFree {
		return fmt.Errorf("the disk of %s is full: %d MB free, at least %d MB are needed; make room or give another --data", d.path, free>>20, leastFree>>20)
	}
	return nil
}

// unusable says what to do about a directory that cannot be written.
func unusable(path string, err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("the disk of %s is full (%w): make room or give another --data", path, err)
	}
	return fmt.Errorf("data directory %s: %w; give another --data", path, err)
}

func (d *dataDir) release() {
	_ = d.lock.Release() // the kernel frees it with the process at the latest
}

// writeEndpoints publishes the addresses: whole or not at all.
func (d *dataDir) writeEndpoints(e config.Endpoints) error {
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return err
	}
	final := filepath.Join(d.path, config.EndpointsFile)
	fresh := final + ".new"
	if err := os.WriteFile(fresh, append(text, '\n'), 0o600); err != nil {
		return unusable(d.path, err)
	}
	if err := os.Rename(fresh, final); err != nil {
		return unusable(d.path, err)
	}
	return nil
}

func (d *dataDir) removeEndpoints() {
	_ = os.Remove(filepath.Join(d.path, config.EndpointsFile)) // readers find out by connecting
}
