package places

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"earshot/pipeline"
)

// maxLocations bounds a file.
const maxLocations = 1_000_000

// entry is one location as a file names it.
type entry struct {
	id, zone, hours string
	closed          []string // dates
	lines           lines
}

// lines say where an entry and its parts stand.
type lines struct{ id, zone, hours, closed int }

// Read reads a file of locations, YAML or, by its name, CSV. zone is that of
// locations without one of their own and of all others; without a file it is that of
// everything. An error names file and line.
func Read(file string, zone *time.Location) (*pipeline.Places, error) {
	out := &pipeline.Places{Zone: zone}
	if file == "" {
		return out, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("locations: %w", err)
	}
	parse := parseYAML
	if strings.EqualFold(filepath.Ext(file), ".csv") {
		parse = parseCSV
	}
	if out.ByID, err = build(file, data, parse); err != nil {
		return nil, err
	}
	return out, nil
}

func build(file string, data []byte, parse func(string, []byte) ([]entry, error)) (map[string]*pipeline.Place, error) {
	entries, err := parse(file, data)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, errAt(file, 1, "no location; expected at least one")
	}
	if len(entries) > maxLocations {
		return nil, errAt(file, 1, "more than %d locations", maxLocations)
	}
	places := make(map[string]*pipeline.Place, len(entries))
	first := make(map[string]int, len(entries))
	zones := map[string]*time.Location{} // shared by the places in them
	for _, e := range entries {
		if line, twice := first[e.id]; twice {
			return nil, errAt(file, e.lines.id, "the location %q is in line %d already", e.id, line)
		}
		first[e.id] = e.lines.id
		if places[e.id], err = e.place(file, zones); err != nil {
			return nil, err
		}
	}
	return places, nil
}

func (e entry) place(file string, zones map[string]*time.Location) (*pipeline.Place, error) {
	if e.id == "" {
		return nil, errAt(file, e.lines.id, "a location without a name; expected what the events have as location")
	}
	if e.zone == "" && e.hours == "" {
		return nil, errAt(file, e.lines.id, "the location %q has neither timezone nor hours", e.id)
	}
	p := new(pipeline.Place)
	if e.zone != "" {
		if zones[e.zone] == nil {
			loc, err := time.LoadLocation(e.zone)
			if err != nil || e.zone == "Local" {
				return nil, errAt(file, e.lines.zone, "%s: %q is no time zone of the IANA list, such as Europe/Berlin", e.id, e.zone)
			}
			zones[e.zone] = loc
		}
		p.Zone = zones[e.zone]
	}
	if e.hours != "" {
		h, err := ParseHours(e.hours)
		if err != nil {
			return nil, errAt(file, e.lines.hours, "%s: %w", e.id, err)
		}
		p.Hours = h
	}
	return p, e.closeOn(file, p)
}

// closeOn notes the days on which p is closed.
func (e entry) closeOn(file string, p *pipeline.Place) error {
	if len(e.closed) == 0 {
		return nil
	}
	if p.Hours == nil {
		return errAt(file, e.lines.closed, "%s: closed has no effect without hours", e.id)
	}
	p.Hours.Closed = make(map[int64]struct{}, len(e.closed))
	for _, date := range e.closed {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			return errAt(file, e.lines.closed, "%s: closed: %q is no date such as 2026-12-25", e.id, date)
		}
		p.Hours.Closed[pipeline.DayOf(day)] = struct{}{}
	}
	return nil
}

// errAt is a mistake in a file.
func errAt(file string, line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", file, line, fmt.Errorf(format, args...))
}
