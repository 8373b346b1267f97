package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// evidenceFlags choose what stands below each finding.
type evidenceFlags struct {
	why, sql  bool
	verbatims int
}

func addEvidence(flags *pflag.FlagSet) *evidenceFlags {
	e := new(evidenceFlags)
	flags.BoolVar(&e.why, "why", false, "say what would change each finding (always in JSON)")
	flags.BoolVar(&e.sql, "sql", false, "print the query that gives each finding's counts (always in JSON)")
	flags.IntVar(&e.verbatims, "verbatims", 0, "newest complaints behind each finding to show")
	return e
}

const maxVerbatims = 500

func (e *evidenceFlags) check(shape string) error {
	if e.verbatims < 0 || e.verbatims > maxVerbatims {
		return usagef("--verbatims lies between 0 and %d", maxVerbatims)
	}
	if shape == formatCSV && (e.why || e.sql || e.verbatims > 0) {
		return usagef("--why, --sql and --verbatims do not fit into CSV: use --json")
	}
	return nil
}

// provenFinding is a finding with what is behind it.
type provenFinding struct {
	insight.Finding
	SQL       string                `json:"sql"`
	Verbatims []clickhouse.Verbatim `json:"verbatims,omitempty"`
}

// prove looks up what is behind findings that were mined under a filter.
func (e *evidenceFlags) prove(ctx context.Context, reader *clickhouse.Reader, f clickhouse.Filter, findings []insight.Finding) ([]provenFinding, error) {
	f.Topic = "" // it picked findings; it is no condition of theirs
	out := make([]provenFinding, len(findings))
	for i, found := range findings {
		out[i].Finding = found
		var err error
		if out[i].SQL, err = reader.FindingSQL(f, found); err != nil {
			return nil, err
		}
		if e.verbatims == 0 {
			continue
		}
		if out[i].Verbatims, err = reader.FindingVerbatims(ctx, f, found, e.verbatims, 0); err != nil {
			return nil, readError(err)
		}
	}
	return out, nil
}

// printBelow prints what was asked for below a finding's sentence.
func (e *evidenceFlags) printBelow(w io.Writer, f *provenFinding) error {
	var b strings.Builder
	if e.why {
		for _, s := range f.Evidence.Sentences {
			fmt.Fprintf(&b, "      %s\n", s)
		}
	}
	for _, v := range f.Verbatims {
		where := strings.Trim(v.Source+", "+v.Location, ", ")
		fmt.Fprintf(&b, "      %s, %s: %s\n", v.OccurredAt.Format(time.DateOnly), printable(where), printable(quoted(cmp.Or(v.Text, v.Title), 240)))
	}
	if e.sql {
		for line := range strings.Lines(strings.TrimSpace(f.SQL)) {
			text := strings.TrimLeft(line, " ")
			fmt.Fprintf(&b, "      %s%s\n", line[:len(line)-len(text)], printable(strings.TrimSuffix(text, "\n")))
		}
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}
