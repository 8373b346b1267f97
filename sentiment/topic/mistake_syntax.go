package topic

import (
	"bytes"
	"regexp"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// numbered is a line number as the YAML reader puts it before its words.
var numbered = regexp.MustCompile(`^(?:yaml: )?(?:line \d+: )?`)

// syntaxWords say in plain words what the YAML reader means by its own.
var syntaxWords = []struct{ theirs, ours string }{
	{"did not find expected ',' or ']'", `a list in [ ] is not closed, or something in it needs quotes, such as "very? slow"`},
	{"did not find expected ',' or '}'", `a mapping in { } is not closed, or something in it needs quotes, such as "very? slow"`},
	{"did not find expected key", "this does not line up with the lines above; check the indentation, and the quotes"},
	{"did not find expected '-' indicator", "this does not line up with the list above; check the indentation, and the quotes"},
	{"did not find expected node content", "something is missing here, or needs quotes"},
	{"found unexpected end of stream", "a text in quotes does not end"},
	{"found character that cannot start any token", "a text cannot begin with this sign; put it in quotes"},
	{"mapping values are not allowed in this context", "a colon where none can be; put a text with a colon in quotes"},
	{"unknown anchor", "a text that begins with * needs quotes"},
}

// syntaxMistake is where a file stops being YAML, and why: the reader names the line
// before the one in which the list or mapping around it begins, or none. ok is false for
// other mistakes.
func syntaxMistake(data []byte, err error) (line int, words string, ok bool) {
	theirs := numbered.ReplaceAllString(err.Error(), "")
	for _, w := range syntaxWords {
		if strings.HasPrefix(theirs, w.theirs) {
			return brokenLine(data, theirs), w.ours, true
		}
	}
	return 0, "", false
}

// brokenLine is the first line with which the file up to there breaks in the same way.
func brokenLine(data []byte, theirs string) int {
	ends := []int{}
	for i, b := range data {
		if b == '\n' {
			ends = append(ends, i+1)
		}
	}
	if len(ends) == 0 || ends[len(ends)-1] < len(data) {
		ends = append(ends, len(data))
	}
	breaks := func(line int) bool {
		err := yaml.Unmarshal(bytes.TrimRight(data[:ends[line]], "\r\n"), new(yaml.Node))
		return err != nil && numbered.ReplaceAllString(err.Error(), "") == theirs
	}
	most := 1
	for most < len(ends) && !breaks(most-1) {
		most *= 2
	}
	most = min(most, len(ends))
	return 1 + sort.Search(most-1, breaks)
}
