package topic

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// keywordColumns are those of a keyword list.
func keywordColumns() []string { return []string{"topic", "phrase", "exclude", "sentiment"} }

// KeywordOptions say how a keyword list becomes a pack.
type KeywordOptions struct {
	Pack    string // its name
	Extends string // empty: none
	Plain   bool   // signs in phrases mean nothing; else the syntax of packs
}

// KeywordNotes tell what a reader of a keyword list did on its own.
type KeywordNotes struct {
	Rows     int
	Repeated int               // rows that say what an earlier one says
	Renamed  map[string]string // topics whose names a pack cannot have
}

// ReadKeywords reads a CSV list of keywords: a header with topic, phrase and
// perhaps exclude and sentiment (positive or negative: good or bad news in itself),
// parted by comma, semicolon or tab. exclude holds phrases, parted by semicolons,
// that keep the topic's phrases from counting where they overlap. Mistakes name the
// file and line.
func ReadKeywords(f File, opts KeywordOptions) (Definition, KeywordNotes, error) {
	k := keywordReader{file: f.Name, plain: opts.Plain, seen: map[string]bool{},
		out: Definition{Pack: opts.Pack, Extends: opts.Extends, Topics: map[string]RuleDefinition{}}, notes: KeywordNotes{Renamed: map[string]string{}}}
	data := strings.TrimPrefix(string(f.Data), "\ufeff")
	if !utf8.ValidString(data) {
		return Definition{}, k.notes, errAt(f.Name, 1, "not UTF-8; save it as CSV UTF-8")
	}
	rows := csv.NewReader(strings.NewReader(data))
	header, _, _ := strings.Cut(data, "\n")
	rows.Comma = delimiter(header)
	rows.FieldsPerRecord = -1
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			return Definition{}, k.notes, errAt(f.Name, syntax.Line, "%w", syntax.Err)
		}
		if err != nil {
			return Definition{}, k.notes, fmt.Errorf("%s: %w", f.Name, err)
		}
		line, _ := rows.FieldPos(0)
		if err := k.row(row); err != nil {
			return Definition{}, k.notes, errAt(f.Name, line, "%w", err)
		}
	}
	if len(k.out.Topics) == 0 {
		return Definition{}, k.notes, errAt(f.Name, 1, "no topics; expected a header topic,phrase and a row for each phrase")
	}
	return k.out, k.notes, k.complete()
}

// delimiter is the sign that parts the columns of the header.
func delimiter(header string) rune {
	best, most := ',', 0
	for _, sign := range []rune{',', ';', '\t'} {
		if n := strings.Count(header, string(sign)); n > most {
			best, most = sign, n
		}
	}
	return best
}

type keywordReader struct {
	file    string
	plain   bool
	columns []int // of keywordColumns; -1: not there
	seen    map[string]bool
	out     Definition
	notes   KeywordNotes
}

func (k *keywordReader) row(row []string) error {
	if k.columns == nil {
		return k.header(row)
	}
	value := func(i int) string {
		if at := k.columns[i]; at >= 0 && at < len(row) {
			return strings.TrimSpace(row[at])
		}
		return ""
	}
	label, phrase, exclude, sentiment := value(0), value(1), value(2), strings.ToLower(value(3))
	if label+phrase+exclude == "" {
		return nil
	}
	name := topicName(label)
	if name == "" {
		return fmt.Errorf("no topic for %q", phrase+exclude)
	}
	if name != label {
		k.notes.Renamed[label] = name
	}
	if phrase+exclude == "" {
		return fmt.Errorf("%s: neither phrase nor exclude", label)
	}
	k.notes.Rows++
	list := map[string]string{"": "phrases", "neutral": "phrases", "negative": "negative", "positive": "positive"}[sentiment]
	if list == "" {
		return fmt.Errorf("sentiment %q: expected positive, negative or nothing", sentiment)
	}
	if phrase != "" {
		if err := k.add(name, list, phrase); err != nil {
			return err
		}
	}
	for part := range strings.SplitSeq(exclude, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if err := k.add(name, "not", part); err != nil {
			return err
		}
	}
	return nil
}

func (k *keywordReader) header(row []string) error {
	for _, name := range keywordColumns() {
		k.columns = append(k.columns, slices.IndexFunc(row, func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), name) }))
	}
	if k.columns[0] < 0 || k.columns[1] < 0 {
		return fmt.Errorf("the first line is %q; expected the columns topic and phrase, perhaps exclude and sentiment", strings.Join(row, ","))
	}
	return nil
}

func (k *keywordReader) add(name, list, phrase string) error {
	if k.plain {
		phrase = plainPhrase(phrase)
	}
	if _, err := parsePhrase(phrase, nil); err != nil {
		return err
	}
	if key := name + "\x00" + list + "\x00" + phraseKey(phrase); k.seen[key] {
		k.notes.Repeated++
		return nil
	} else {
		k.seen[key] = true
	}
	r := k.out.Topics[name]
	switch list {
	case "negative":
		r.Negative = append(r.Negative, phrase)
	case "positive":
		r.Positive = append(r.Positive, phrase)
	case "not":
		r.Not = append(r.Not, phrase)
	default:
		r.Phrases = append(r.Phrases, phrase)
	}
	k.out.Topics[name] = r
	return nil
}

// complete refuses topics that nothing shows.
func (k *keywordReader) complete() error {
	for name, r := range k.out.Topics {
		if len(r.Phrases)+len(r.Negative)+len(r.Positive) == 0 {
			return errAt(k.file, 1, "%s has only exclude, no phrase that shows it", name)
		}
	}
	return nil
}

// plainPhrase takes the signs away that would mean something in a pack.
func plainPhrase(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`*?|<>"`, r)
	}), " ")
}

// topicName makes a label the name of a topic: "Service > Slow" is service.slow.
func topicName(label string) string {
	var parts []string
	for part := range strings.FieldsFuncSeq(strings.ToLower(label), func(r rune) bool { return strings.ContainsRune(">/:|.\\", r) }) {
		words := strings.FieldsFunc(part, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && !unicode.Is(unicode.Mn, r)
		})
		if len(words) > 0 {
			parts = append(parts, strings.Join(words, "_"))
		}
	}
	return strings.Join(parts, ".")
}
