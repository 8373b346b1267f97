package topic

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxPackBytes bounds a pack file; 50,000 rules take some 5 MB.
const maxPackBytes = 16 << 20

// CheckBytes refuses what is no text before the YAML reader stumbles over it. UTF-16
// with its mark is left to the reader, which knows it.
func CheckBytes(file string, data []byte) error {
	if len(data) > maxPackBytes {
		return errAt(file, 1, "%d MB: a file has %d MB at the most; part it into several", len(data)>>20, maxPackBytes>>20)
	}
	if utf8.Valid(data) || bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil
	}
	at := 0
	for at < len(data) {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return errAt(file, 1+bytes.Count(data[:at], []byte("\n")), "not UTF-8; save the file as UTF-8")
}

// packKeys are those of a pack.
const packKeys = "pack, extends, about, languages, classes, topics, contexts, intents, tags, gates"

// YAMLMistake puts what the YAML reader says into one line with file and line; keys are
// those of the file.
func YAMLMistake(file string, data []byte, err error, keys string) error {
	words, more := err.Error(), ""
	if types := new(yaml.TypeError); errors.As(err, &types) && len(types.Errors) > 0 {
		words = types.Errors[0]
		if n := len(types.Errors) - 1; n > 0 {
			more = fmt.Sprintf(" (and %d more)", n)
		}
	}
	words = strings.TrimPrefix(words, "yaml: ")
	line := 1
	if number, rest, ok := strings.Cut(strings.TrimPrefix(words, "line "), ": "); ok {
		if n, err := strconv.Atoi(number); err == nil {
			line, words = n, rest
		}
	}
	if at, plain, ok := syntaxMistake(data, err); ok && !bytes.Contains(lineAt(data, at), []byte("\t")) {
		return errAt(file, at, "%s", plain)
	}
	if strings.Contains(words, "tab character") || strings.Contains(words, "cannot start any token") && bytes.Contains(lineAt(data, line), []byte("\t")) {
		words = "a tab; indent with spaces"
	}
	return errAt(file, line, "%s%s", plainWords(words, keys), more)
}

// EmptyItem finds an item of a list in n, however deep, that holds nothing: the reader
// leaves it out without a word.
func EmptyItem(n *yaml.Node) error {
	for _, c := range n.Content {
		if n.Kind == yaml.SequenceNode && c.ShortTag() == "!!null" {
			return fmt.Errorf("line %d: an item of the list is empty; write something or take the line out", c.Line)
		}
		if err := EmptyItem(c); err != nil {
			return err
		}
	}
	return nil
}

func lineAt(data []byte, number int) []byte {
	for line := range bytes.Lines(data) {
		if number--; number == 0 {
			return line
		}
	}
	return nil
}

var (
	unknownField = regexp.MustCompile(`^field (\S+) not found in type \w+\.(\w+)$`)
	wrongKind    = regexp.MustCompile("^cannot unmarshal !!(\\w+)(?: `(.*)`)? into (\\S+)$")
)

// plainWords says in the words of packs what the YAML reader says in those of Go.
func plainWords(words, keys string) string {
	if m := unknownField.FindStringSubmatch(words); m != nil {
		known := keys
		if m[2] == "Gate" {
			known = "precision, recall"
		}
		return fmt.Sprintf("unknown key %q; known are %s", m[1], known)
	}
	m := wrongKind.FindStringSubmatch(words)
	if m == nil {
		return words
	}
	expected := "a mapping"
	switch into := m[3]; {
	case strings.HasPrefix(into, "[]"):
		expected = "a list"
	case into == "string":
		expected = "a text"
	case into == "int" || into == "float64":
		expected = "a number"
	}
	found := map[string]string{"seq": "a list", "map": "a mapping", "null": "nothing"}[m[1]]
	if found == "" {
		found = strconv.Quote(m[2])
	}
	if m[3] == "string" && m[1] == "map" {
		found += `; a text with a colon needs quotes`
	}
	return fmt.Sprintf("expected %s, found %s", expected, found)
}

// checkName says what is wrong with the name of a topic, context or intent.
func checkName(name string) error {
	if strings.TrimSpace(name) != name || strings.ContainsFunc(name, unicode.IsControl) || slices.Contains(strings.Split(name, "."), "") {
		return fmt.Errorf("the name %q: expected words with dots between, such as service.speed", name)
	}
	return nil
}

// check says what in a gate promises nothing that can be measured.
func (g Gate) check() error {
	for _, share := range []float64{g.Precision, g.Recall} {
		if !(share >= 0 && share <= 1) {
			return fmt.Errorf("%g is no share of 0 to 1", share)
		}
	}
	return nil
}
