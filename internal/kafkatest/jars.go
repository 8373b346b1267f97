package kafkatest

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Version of Apache Kafka; pom.xml names the same.
const Version = "4.3.1"

const copyJars = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"

//go:embed pom.xml
var pom []byte

// cached is the folder that holds the jars once they are fetched.
func cached() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "earshot", "kafka", Version), nil
}

// jars returns the folder with the broker's jars, fetched (45 MB) if they are
// not there yet, and only once when several processes ask.
func jars(ctx context.Context) (string, error) {
	dir, err := cached()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", err
	}
	lock := flock.New(filepath.Join(parent, "lock"))
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return "", fmt.Errorf("wait for the jars: %w", err)
	}
	defer lock.Close()
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	return dir, fetchJars(ctx, dir)
}

// fetchJars lets Maven copy the jars beside dir and moves them there when all
// have come.
func fetchJars(ctx context.Context, dir string) error {
	mvn, err := exec.LookPath("mvn")
	if err != nil {
		return errors.New("mvn is not on PATH: install Maven to fetch Apache Kafka")
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), Version+".part-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	pomFile, lib := filepath.Join(temp, "pom.xml"), filepath.Join(temp, "lib")
	if err := os.WriteFile(pomFile, pom, 0o600); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, mvn, "-q", "-B", "-f", pomFile, copyJars, "-DincludeScope=runtime", "-DoutputDirectory="+lib)
	cmd.WaitDelay = 5 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mvn: %w: %s", err, lastLines(out, 5))
	}
	return os.Rename(lib, dir)
}

// lastLines returns the last n lines that are not part of a stack trace.
func lastLines(text []byte, n int) string {
	var lines []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, "\tat ") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
