package places

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseYAML reads a mapping of locations to timezone, hours and closed.
func parseYAML(file string, data []byte) ([]entry, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, errAt(file, root.Line, "expected locations, each with timezone, hours or both")
	}
	var out []entry
	for i := 0; i+1 < len(root.Content); i += 2 {
		e, err := yamlEntry(file, root.Content[i], root.Content[i+1])
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func yamlEntry(file string, id, value *yaml.Node) (entry, error) {
	e := entry{id: id.Value, lines: lines{id: id.Line}}
	if value.Kind != yaml.MappingNode {
		return e, errAt(file, id.Line, "%s: expected timezone, hours or both below it", id.Value)
	}
	for i := 0; i+1 < len(value.Content); i += 2 {
		key, v := value.Content[i], value.Content[i+1]
		var err error
		switch key.Value {
		case "timezone":
			e.lines.zone, err = v.Line, v.Decode(&e.zone)
		case "hours":
			e.lines.hours, err = v.Line, v.Decode(&e.hours)
		case "closed":
			e.lines.closed, err = v.Line, v.Decode(&e.closed)
		default:
			return e, errAt(file, key.Line, "%s: unknown key %q; known are timezone, hours and closed", e.id, key.Value)
		}
		if err != nil {
			return e, errAt(file, v.Line, "%s: %s: expected a text, for closed a list of dates", e.id, key.Value)
		}
	}
	return e, nil
}

// parseCSV reads a header and a row a location; the dates of closed are parted by
// spaces or semicolons.
func parseCSV(file string, data []byte) ([]entry, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for i, name := range header {
		if header[i] = strings.ToLower(strings.TrimSpace(name)); !slices.Contains([]string{"location", "timezone", "hours", "closed"}, header[i]) {
			return nil, errAt(file, 1, "unknown column %q; known are location, timezone, hours and closed", name)
		}
	}
	if !slices.Contains(header, "location") {
		return nil, errAt(file, 1, "no column location")
	}
	var out []entry
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		line, _ := r.FieldPos(0)
		out = append(out, csvEntry(header, row, line))
	}
}

func csvEntry(header, row []string, line int) entry {
	e := entry{lines: lines{line, line, line, line}}
	for i, name := range header {
		value := strings.TrimSpace(row[i])
		switch name {
		case "location":
			e.id = value
		case "timezone":
			e.zone = value
		case "hours":
			e.hours = value
		case "closed":
			e.closed = strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ';' })
		}
	}
	return e
}
