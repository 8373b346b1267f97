package topic

import (
	"strings"
	"testing"
	"testing/fstest"
)

// What breaks YAML is told with the line that does.
func TestSyntaxMistakesNameTheirLine(t *testing.T) {
	const head = "pack: a\ntopics:\n  x:\n" // three lines
	for text, want := range map[string]string{
		head + "    about: z\n    phrases: [light the? <hub>]\n    match: [a]\n": "own.yaml:5: a list in [ ] is not closed, or something in it needs quotes",
		head + "    phrases: [a, b\n    match: [c]\n":                            "own.yaml:4: a list in [ ]",
		head + "    phrases: [\"a\" b]\n":                                        "own.yaml:4: a list in [ ]",
		head + "    phrases: {a\n":                                               "own.yaml:4: a mapping in { }",
		head + "    phrases:\n      - a\n     - b\n":                             "own.yaml:6: this does not line up",
		head + "    phrases:\n      - a: b\n       c: d\n":                       "own.yaml:6: this does not line up",
		head + "    phrases:\n      - a\n      - \"b\" c\n      - d\n":           "own.yaml:6: this does not line up",
		"pack: a\ntopics:\n x:\n   phrases: [a]\n  y:\n   phrases: [b]\n":        "own.yaml:5: this does not line up",
		"pack: a\n\n\n\n- b\n":                                                   "own.yaml:5: this does not line up",
		head + "    phrases:\n      - \"a\n      - b\n":                          "own.yaml:5: a text in quotes does not end",
		head + "    phrases:\n      - a\n      - '@b'\n      - @b\n":             "own.yaml:7: a text cannot begin with this sign",
		head + "    phrases:\n      - a\n      - *2 b\n      - c\n":              "own.yaml:6: a text that begins with * needs quotes",
		head + "    phrases:\n      - fine: really\n":                            "own.yaml:5: expected a text, found a mapping; a text with a colon needs quotes",
		head + "    phrases:\n\t- a\n":                                           "own.yaml:5: a tab; indent with spaces",
		strings.Repeat("# x\n", 5000) + head + "    phrases: [a? b, c]\n":        "own.yaml:5004: a list in [ ]",
	} {
		_, err := Load("a", fstest.MapFS{"own.yaml": {Data: []byte(text)}})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s\n%.200s", err, want, text)
		}
		_, err = Load("a", fstest.MapFS{"own.yaml": {Data: []byte(strings.ReplaceAll(text, "\n", "\r\n"))}})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("with CRLF: %v, want %s", err, want)
		}
	}
}
