// Package e2e builds the earshot program and drives it as a user does: its
// commands, its ports, its exit codes. Each test has a data directory and free
// ports of its own.
//
// Tests that need the ClickHouse engine follow EARSHOT_TEST_ENGINE: unset, they
// run if the engine is on this machine already and say so if not; 1 requires
// it, fetching it if need be; 0 leaves them out.
package e2e
