package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// Program is a ClickHouse that can be run: an installed one or the library.
type Program struct {
	server  string // path of the clickhouse program; or
	library string // path of libchdb.so
}

// String names the program for people.
func (p Program) String() string {
	if p.server != "" {
		return p.server
	}
	return p.library
}

func (p Program) start(childArgs []string, f engineFiles) (*child, error) {
	if p.server != "" {
		return startServer(p.server, f)
	}
	return startLibrary(p.library, childArgs, f)
}

// The oldest ClickHouse on PATH that is used: its projections, types and
// settings are those the schema needs.
const (
	oldestMajor = 25
	oldestMinor = 3
)

// FindProgram looks for `clickhouse` on PATH, then for the library in the
// cache folder (see CacheDir), and fetches it there as the last resort.
func FindProgram(ctx context.Context, cache string, progress Progress, log *slog.Logger) (Program, error) {
	if path, err := exec.LookPath("clickhouse"); err == nil {
		err := recent(ctx, path)
		if err == nil {
			return Program{server: path}, nil
		}
		log.Warn("clickhouse on PATH is not used, looking for the library instead", "path", path, "reason", err)
	}
	library, err := fetchLibrary(ctx, cache, packages(), progress)
	if err != nil {
		return Program{}, err
	}
	return Program{library: library}, nil
}

// CacheDir is the user's folder for the library.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w; set XDG_CACHE_HOME", err)
	}
	return filepath.Join(dir, "earshot", "engine"), nil
}

var versionNumber = regexp.MustCompile(`version (\d+)\.(\d+)`)

func recent(ctx context.Context, clickhouse string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, clickhouse, "--version").Output()
	if err != nil {
		return fmt.Errorf("--version: %w", err)
	}
	m := versionNumber.FindSubmatch(out)
	if m == nil {
		return fmt.Errorf("--version says %.80q", out)
	}
	major, _ := strconv.Atoi(string(m[1]))
	minor, _ := strconv.Atoi(string(m[2]))
	if major < oldestMajor || major == oldestMajor && minor < oldestMinor {
		return fmt.Errorf("version %d.%d is older than %d.%d", major, minor, oldestMajor, oldestMinor)
	}
	return nil
}
