package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// npmPack lets npm fetch the package's archive into dir, by the registry that
// the user's npm is set up for.
func npmPack(ctx context.Context, p enginePackage, dir string, progress Progress) (string, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", errors.New("npm is not on PATH")
	}
	// A cache beside: its growth is the progress, and nothing stays in the user's.
	cmd := exec.CommandContext(ctx, npm, "pack", p.name+"@"+p.version, "--ignore-scripts",
		"--pack-destination", dir, "--cache", filepath.Join(dir, "npm"), "--loglevel", "error")
	cmd.Dir = dir
	cmd.SysProcAttr = bound()
	cmd.WaitDelay = 5 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	done := make(chan error, 1)
	go func() { done <- runOnThread(cmd) }()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				return "", fmt.Errorf("npm pack %s@%s: %w%s", p.name, p.version, err, npmSays(out.String()))
			}
			progress("fetching the engine", p.packed, p.packed)
			return packed(dir)
		case <-tick.C:
			progress("fetching the engine", min(treeSize(dir), p.packed-1), p.packed)
		}
	}
}

func packed(dir string) (string, error) {
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("npm pack left %d archives", len(found))
	}
	return found[0], nil
}

// npmSays is npm's own complaint, in one line.
func npmSays(out string) string {
	var lines []string
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "npm error"))
		if line != "" && !strings.HasPrefix(line, "A complete log") && len(lines) < 4 {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return ": " + strings.Join(lines, " · ")
}

// treeSize is the sum of the files below dir; those that vanish count nothing.
func treeSize(dir string) int64 {
	var sum int64
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return sum
}
