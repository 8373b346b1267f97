package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// childArg makes the test binary the engine's child process.
const childArg = "embedded-engine-child"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == childArg {
		if err := RunLibrary(os.Args[2], os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if len(os.Args) == 3 {
		serve := map[string]func(string) error{brokerArg: serveBroker, serverArg: serveLikeClickHouse}[os.Args[1]]
		if serve != nil {
			if err := serve(os.Args[2]); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	goleak.VerifyTestMain(m)
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// testProgram returns the engine's library by the switch EARSHOT_TEST_ENGINE:
// unset skips if it is not in the cache, 1 fetches it, 0 is off.
func testProgram(t *testing.T) Program {
	t.Helper()
	cache, err := CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	known, ok := packages()[platform()]
	want := os.Getenv("EARSHOT_TEST_ENGINE")
	s := libraryStore{dir: cache + "/" + known.version, pkg: known}
	switch {
	case want == "0":
		t.Skip("EARSHOT_TEST_ENGINE=0: engine tests are off")
	case want == "1":
	case !ok:
		t.Skip("no engine for this platform")
	case !s.present(s.dir + "/" + libraryName):
		t.Skip("the engine is not in the cache; EARSHOT_TEST_ENGINE=1 fetches it")
	}
	library, err := fetchLibrary(context.Background(), cache, packages(), func(string, int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	return Program{library: library}
}
