package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// checkOutput finds out before a long run whether its result can be written to path;
// empty: nowhere. A file that is there stays as it is.
func checkOutput(flag, path string) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return usagef("%s %s: that is a folder; name a file in it", flag, path)
	case err == nil && !info.Mode().IsRegular():
		return nil // a device or a pipe
	}
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return usagef("%s %s: there is no folder %s", flag, path, folder)
	}
	probe, err := os.CreateTemp(folder, "."+filepath.Base(path)+".*")
	if err != nil {
		return usagef("%s %s: no file can be made in the folder %s: %s", flag, path, folder, reasonOf(err))
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// reasonOf is what went wrong with a file, without the path and the call.
func reasonOf(err error) string {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.As(err, &p):
		return p.Err.Error()
	}
	return err.Error()
}
