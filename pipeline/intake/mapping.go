package intake

import (
	"slices"
	"strings"
	"time"

	"earshot/pipeline"
)

// Options say how the columns of the files become events.
type Options struct {
	Map          []string // target=column, several to a string with commas
	Set          []string // target=constant, likewise
	DateFormat   string   // Go layout or strftime; "" reads the ISO forms and epoch times
	Timezone     string   // of dates without an offset; "" is UTC
	IDPrefix     string   // put before ids, so that several sources cannot collide
	DropUnmapped bool     // columns outside mapping and contract are left out
}

// Mapping turns rows into event JSON.
type Mapping struct {
	columns  []rule
	consts   []rule
	dates    dates
	idPrefix string
	drop     bool
	identity bool // no option was given: valid JSON rows stay as they are
}

// rule fills a target from a column or with a constant.
type rule struct {
	target string
	from   string // column, or the constant
}

// NewMapping checks the options.
func NewMapping(o Options) (*Mapping, error) {
	m := &Mapping{idPrefix: o.IDPrefix, drop: o.DropUnmapped}
	var err error
	if m.columns, err = parseRules("--map", o.Map); err != nil {
		return nil, err
	}
	if m.consts, err = parseRules("--set", o.Set); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(m.consts, func(r rule) bool { return r.target == "id" }) {
		return nil, mappingErrorf("--set id= would make all rows one event; leave it out to have ids derived")
	}
	seen := make(map[string]bool)
	for _, r := range slices.Concat(m.columns, m.consts) {
		if seen[r.target] {
			return nil, mappingErrorf("%s is given twice", r.target)
		}
		seen[r.target] = true
	}
	if m.dates.layout, err = layoutOf(o.DateFormat); err != nil {
		return nil, err
	}
	if m.dates.zone, err = time.LoadLocation(o.Timezone); err != nil {
		return nil, mappingErrorf("--timezone %q is no time zone such as Europe/Berlin", o.Timezone)
	}
	if len(o.IDPrefix) > pipeline.MaxIDBytes/2 {
		return nil, mappingErrorf("--id-prefix is longer than %d bytes", pipeline.MaxIDBytes/2)
	}
	if err := m.tryConstants(); err != nil {
		return nil, err
	}
	m.identity = len(seen) == 0 && o.DateFormat == "" && o.Timezone == "" && o.IDPrefix == "" && !o.DropUnmapped
	return m, nil
}

// parseRules reads "a=b,c=d". A piece without "=" belongs to the one before it:
// the comma was part of its value.
func parseRules(flag string, given []string) ([]rule, error) {
	var rules []rule
	for _, list := range given {
		first := len(rules)
		for piece := range strings.SplitSeq(list, ",") {
			name, from, ok := strings.Cut(piece, "=")
			switch {
			case ok:
				rules = append(rules, rule{target: strings.TrimSpace(name), from: from})
			case len(rules) > first:
				rules[len(rules)-1].from += "," + piece
			default:
				return nil, mappingErrorf("%s %q: expected field=%s", flag, list, map[string]string{"--map": "column", "--set": "value"}[flag])
			}
		}
	}
	for i := range rules {
		if err := checkTarget(rules[i].target); err != nil {
			return nil, err
		}
		if flag == "--map" {
			rules[i].from = strings.TrimSpace(rules[i].from)
		}
		if rules[i].from == "" {
			return nil, mappingErrorf("%s %s= names nothing", flag, rules[i].target)
		}
	}
	return rules, nil
}

// tryConstants refuses constants that would make a dead letter of every row. Ratings
// are left to the rows: value and scale may come from different places.
func (m *Mapping) tryConstants() error {
	for _, r := range m.consts {
		if strings.HasPrefix(r.target, "rating") {
			continue
		}
		alone := &Mapping{consts: []rule{r}, dates: m.dates}
		row := Row{}
		for _, f := range []Field{{Name: "source", Text: "review"}, {Name: "occurred_at", Text: "2026-01-01T00:00:00Z"}, {Name: "text", Text: "good"}} {
			if f.Name != r.target {
				row.Fields = append(row.Fields, f)
			}
		}
		if _, reject := pipeline.Decode(pipeline.Message{Value: alone.event(&row)}, time.Now()); reject != nil {
			return mappingErrorf("--set %s=%s: %s", r.target, r.from, reject.Detail)
		}
	}
	return nil
}

// Check refuses a mapping whose columns are neither in the header, if there is
// one, nor in the first rows of the file.
func (m *Mapping) Check(header []string, rows []Row) error {
	var all Row
	for _, name := range header {
		all.Fields = append(all.Fields, Field{Name: name})
	}
	if header == nil && len(rows) == 0 {
		return nil
	}
	for _, r := range m.columns {
		if _, _, ok := all.find(r.from); ok {
			continue
		}
		if !slices.ContainsFunc(rows, func(row Row) bool { _, _, ok := row.find(r.from); return ok }) {
			return missingColumn(r, columnNames(header, rows))
		}
	}
	return nil
}

// columnNames lists what there is to choose from.
func columnNames(header []string, rows []Row) []string {
	names := slices.Clone(header)
	for _, row := range rows {
		for i := range row.Fields {
			if len(names) < 200 && !slices.Contains(names, row.Fields[i].Name) {
				names = append(names, row.Fields[i].Name)
			}
		}
	}
	return names
}

func missingColumn(r rule, columns []string) error {
	if len(columns) == 0 {
		return mappingErrorf("--map %s=%s: there is no column %q in any readable row", r.target, r.from, r.from)
	}
	list := strings.Join(columns, ", ")
	if near := pipeline.Nearest(r.from, columns); near != "" {
		return mappingErrorf("--map %s=%s: there is no column %q, did you mean %q? Columns: %s", r.target, r.from, r.from, near, list)
	}
	return mappingErrorf("--map %s=%s: there is no column %q. Columns: %s", r.target, r.from, r.from, list)
}
