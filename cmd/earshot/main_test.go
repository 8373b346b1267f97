package main

import (
	"os"
	"testing"
)

// programVar makes the test binary the program itself: for tests that need a
// process of their own.
const programVar = "EARSHOT_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == engineCommandName || os.Getenv(programVar) == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}
