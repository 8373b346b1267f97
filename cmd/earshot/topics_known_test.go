package main

import (
	"strings"
	"testing"
)

// A topic that nobody knows is a mistake, not good news.
func TestUnknownTopics(t *testing.T) {
	a := newAnswers(t)
	a.store(heard{daysAgo: 1, analysis: tone("negative", "learned.topic")})
	for args, want := range map[string]int{
		"insights --topic nonsense":                                exitUsage,
		"insights impact --topic nonsense":                         exitUsage,
		"topics review --topic nonsense --export /does/not/exist":  exitUsage,
		"insights --topic service.speed":                           exitDone, // of the taxonomy
		"insights --topic service":                                 exitDone, // those below it
		"insights --topic learned":                                 exitDone, // of stored feedback
		"insights impact --topic learned.topic --since 2026-01-01": exitDone,
	} {
		code, _, stderr := a.run(strings.Fields(args)...)
		if code != want || want == exitUsage && !strings.Contains(stderr, "`earshot topics list`") {
			t.Errorf("%s: exit %d, expected %d\n%s", args, code, want, stderr)
		}
	}
}
