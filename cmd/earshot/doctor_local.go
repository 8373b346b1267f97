package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/internal/embedded"
)

func configFinding(loaded *config.Loaded) diagnosis {
	if loaded.File != "" {
		return found("configuration", "%s, variables and flags are valid", loaded.File)
	}
	return found("configuration", "valid (no file; variables and flags)")
}

const (
	lowSpace = 2 << 30   // bytes: worth a word
	noSpace  = 256 << 20 // bytes: the next merge may fail
)

// dataFinding checks that the data directory can be written, or made.
func dataFinding(dir string) diagnosis {
	const check = "data"
	existing := dir
	for {
		info, err := os.Stat(existing)
		if err == nil && !info.IsDir() {
			return found(check, "%s is a file", existing).fail("choose a folder with --data or EARSHOT_DATA")
		}
		if err == nil {
			break
		}
		parent := filepath.Dir(existing)
		if !errors.Is(err, fs.ErrNotExist) || parent == existing {
			return found(check, "%v", err).fail("choose a folder that you may write with --data or EARSHOT_DATA")
		}
		existing = parent
	}
	probe, err := os.CreateTemp(existing, ".earshot-doctor-*")
	if err != nil {
		return found(check, "%s cannot be written: %v", existing, err).fail("choose a folder that you may write with --data or EARSHOT_DATA")
	}
	_ = probe.Close() // nothing was written
	if err := os.Remove(probe.Name()); err != nil {
		return found(check, "%v", err).warn("remove that file")
	}
	free, err := embedded.FreeBytes(existing)
	if err != nil {
		return found(check, "%s: %v", existing, err).warn("check the disk")
	}
	f := found(check, "%s, %.1f GB free", dir, float64(free)/1e9)
	switch {
	case free < noSpace:
		return f.fail("make room, or choose another disk with --data")
	case free < lowSpace:
		return f.warn("make room soon: ClickHouse stops when the disk is full")
	}
	return f
}

func upFinding(dir string) diagnosis {
	const check = "earshot up"
	pid, running := embedded.Holder(dir)
	_, err := config.ReadEndpoints(dir)
	switch {
	case running && err == nil:
		return found(check, "runs on %s (process %d)", dir, pid)
	case running:
		return found(check, "process %d has %s, but is not ready", pid, dir).warn("wait a moment and look again")
	case err == nil:
		return found(check, "ended without a goodbye: %s is left over", config.EndpointsFile).warn("start it again: nothing that it had accepted is lost")
	}
	return found(check, "does not run on %s", dir).skip()
}

// engineFinding says which ClickHouse `up` would start.
func engineFinding(ctx context.Context, loaded *config.Loaded) diagnosis {
	const check = "engine"
	origin := loaded.Origin["clickhouse.url"]
	if loaded.ClickHouse.URL != "" && filepath.Base(origin) != config.EndpointsFile {
		return found(check, "not needed: clickhouse.url is set").skip()
	}
	if path, err := exec.LookPath("clickhouse"); err == nil {
		return found(check, "%s %s", path, programVersion(ctx, path))
	}
	cache, err := embedded.CacheDir()
	if err != nil {
		return found(check, "%v", err).fail("set XDG_CACHE_HOME, or install `clickhouse`")
	}
	if libraries, _ := filepath.Glob(filepath.Join(cache, "*", "libchdb.so")); len(libraries) > 0 {
		return found(check, "%s", libraries[len(libraries)-1])
	}
	if path, err := exec.LookPath("npm"); err == nil {
		return found(check, "not in %s yet; `earshot up` fetches it with %s %s", cache, path, programVersion(ctx, path))
	}
	return found(check, "neither `clickhouse` nor its library nor npm is here").
		warn("`earshot up` needs one: install Node.js (npm) or ClickHouse, or set clickhouse.url")
}

// programVersion is the first line of what a program says about itself, or "".
func programVersion(ctx context.Context, path string) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return fmt.Sprintf("(--version: %v)", err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSpace(line)
}
