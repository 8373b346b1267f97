package registry

// Places are the entries whose versions are or were in place and can be gone back
// to, the one in place last. log is in its order.
func Places(log []Entry) (stack []Entry) {
	for _, e := range log {
		if !e.Places() {
			continue
		}
		if e.Decision == RolledBack {
			stack = backTo(stack, e.Version)
		}
		if n := len(stack); n > 0 && stack[n-1].Version == e.Version {
			continue // going back to it, or choosing it again, is no new step
		}
		stack = append(stack, e)
	}
	return stack
}

// backTo drops what was in place, down to the version before it.
func backTo(stack []Entry, version string) []Entry {
	for i := len(stack) - 2; i >= 0; i-- {
		if stack[i].Version == version {
			return stack[:i+1]
		}
	}
	return stack[:max(0, len(stack)-1)]
}

// LastChoice is the newest entry that put a version in place.
func LastChoice(log []Entry) (Entry, bool) {
	for i := len(log) - 1; i >= 0; i-- {
		if log[i].Places() {
			return log[i], true
		}
	}
	return Entry{}, false
}
