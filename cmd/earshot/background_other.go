//go:build !linux

package main

// inBackground runs a computation; only Linux has priorities of single threads.
func inBackground(f func()) { f() }
