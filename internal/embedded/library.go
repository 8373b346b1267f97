package embedded

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/ebitengine/purego"
)

// RunLibrary loads ClickHouse's library and runs its command line in this
// process until it ends. It belongs into a process of its own: the library
// installs signal handlers and ends the process when it fails.
func RunLibrary(path string, args []string) error {
	runtime.LockOSThread()
	lib, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("load %s: %w", path, err)
	}
	// chdb.h: chdb_result *chdb_query_cmdline(int argc, char **argv), NULL on success;
	// const char *chdb_result_error(chdb_result *).
	var run func(argc int32, argv **byte) uintptr
	var resultError func(result uintptr) string
	purego.RegisterLibFunc(&run, lib, "chdb_query_cmdline")
	purego.RegisterLibFunc(&resultError, lib, "chdb_result_error")

	argv := make([]*byte, 0, len(args)+2)
	for _, arg := range append([]string{"clickhouse"}, args...) {
		text := append([]byte(arg), 0)
		argv = append(argv, &text[0])
	}
	argv = append(argv, nil)
	result := run(int32(len(argv)-1), &argv[0])
	runtime.KeepAlive(argv)
	if result == 0 {
		return nil
	}
	if text := resultError(result); text != "" {
		return errors.New(text)
	}
	return nil
}
