package embedded

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
)

// tail keeps the last bytes of a process's output, for error reports.
type tail struct {
	mu   sync.Mutex
	last []byte
}

const tailBytes = 16 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, p...)
	if over := len(t.last) - tailBytes; over > 0 {
		t.last = append(t.last[:0], t.last[over:]...)
	}
	return len(p), nil
}

func (t *tail) contains(s string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Contains(t.last, []byte(s))
}

// terminal matches the escape sequences of a terminal session and the prompt.
var terminal = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|:\) `)

// reason is the line that says best why the process failed, in one line; ""
// if it said nothing.
func (t *tail) reason() string {
	t.mu.Lock()
	text := terminal.ReplaceAllString(string(t.last), "")
	t.mu.Unlock()
	reason := ""
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = strings.TrimSpace(line)
		telling := strings.Contains(line, "Exception:") || strings.Contains(line, "rror:")
		if telling || line != "" && !strings.Contains(reason, "Exception:") {
			reason = line
		}
	}
	if len(reason) > 400 {
		reason = reason[:400] + "…"
	}
	return reason
}
