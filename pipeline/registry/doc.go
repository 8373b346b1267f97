// Package registry is the log of sentiment models: which version was put in place
// when, by whom and why, and which one is next when somebody goes back. It is pure.
package registry
