package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binaryVar hands the path of the built program to the tests.
const binaryVar = "EARSHOT_TEST_BINARY"

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "earshot-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "earshot")
	build := exec.Command("go", "build", "-o", binary, "earshot/cmd/earshot")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		return 1
	}
	os.Setenv(binaryVar, binary)
	return m.Run()
}

// needEngine skips the test by the three-state switch of the package comment.
func needEngine(t *testing.T) {
	t.Helper()
	switch os.Getenv("EARSHOT_TEST_ENGINE") {
	case "1":
		return
	case "0":
		t.Skip("EARSHOT_TEST_ENGINE=0: not run")
	}
	if _, err := exec.LookPath("clickhouse"); err == nil {
		return
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("no cache folder, and so no engine: ", err)
	}
	if found, _ := filepath.Glob(filepath.Join(cache, "earshot", "engine", "*", "libchdb.so")); len(found) == 0 {
		t.Skip("the ClickHouse engine is not in the cache; EARSHOT_TEST_ENGINE=1 fetches it")
	}
}

// needProgram skips the test without a program that is not ours.
func needProgram(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}
