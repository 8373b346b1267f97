package embedded

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeClickHouse puts a `clickhouse` on PATH that says this version.
func fakeClickHouse(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "clickhouse")
	script := "#!/bin/sh\necho 'ClickHouse local version " + version + " (official build).'\n"
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	return path
}

func TestFindProgramPrefersClickHouseOnPath(t *testing.T) {
	path := fakeClickHouse(t, "26.8.1.7")
	p, err := FindProgram(t.Context(), t.TempDir(), func(string, int64, int64) {}, quiet())
	if err != nil || p.server != path {
		t.Fatalf("%v, %v", p, err)
	}
}

func TestFindProgramLeavesAnOldClickHouseAlone(t *testing.T) {
	fakeClickHouse(t, "21.8.3.44")
	_, err := FindProgram(t.Context(), t.TempDir(), func(string, int64, int64) {}, quiet())
	if err == nil || !strings.Contains(err.Error(), "npm is not on PATH") {
		t.Fatalf("did not go on to the library: %v", err)
	}
}

func TestTailTellsTheReason(t *testing.T) {
	for name, tt := range map[string]struct{ out, want string }{
		"nothing":   {"", ""},
		"last line": {"one\r\ntwo\r\n", "two"},
		"exception": {"\x1b[1mReceived exception:\x1b[0m\r\nCode: 210. DB::Exception: Listen failed\r\n\x1b[?2004h\x1b[1G:) ", "Code: 210. DB::Exception: Listen failed"},
		"error":     {"Error: no such file\nbye\n", "bye"},
	} {
		var out tail
		if _, err := out.Write([]byte(tt.out)); err != nil {
			t.Fatal(err)
		}
		if got := out.reason(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
