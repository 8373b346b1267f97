package clickhouse

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline/insight"
)

// complains is the condition for feedback with a negative mention of the topic
// itself: the miner counts each topic apart from those below it.
const complains = "arrayExists((t, s) -> t = {complaint:String} AND s = 'negative', f.topics, f.topic_sentiments)"

// FindingVerbatims returns the complaints that a finding counts, newest first.
// The filter is the one it was mined under.
func (r *Reader) FindingVerbatims(ctx context.Context, f Filter, found insight.Finding, limit, offset int) ([]Verbatim, error) {
	where, values := findingWhere(f, found)
	sql, err := querySQL("search", where+"\n  AND "+complains)
	if err != nil {
		return nil, fmt.Errorf("query search: %w", err)
	}
	args := []any{chgo.Named("complaint", found.Topic), chgo.Named("limit", max(limit, 0)), chgo.Named("offset", max(offset, 0))}
	for _, c := range values {
		args = append(args, c.bound())
	}
	ctx, cancel := r.limit(ctx)
	defer cancel()
	rows := []Verbatim{}
	if err := r.conn.Select(ctx, &rows, sql, args...); err != nil {
		return nil, r.queryError(ctx, "search", err)
	}
	return rows, nil
}

// FindingSQL is a query that anybody can run and that yields the complaints and
// the comments that a finding counts. The filter is the one it was mined under;
// feedback that came in since is counted, too.
func (r *Reader) FindingSQL(f Filter, found insight.Finding) (string, error) {
	where, values := findingWhere(f, found)
	text, err := querySQL("finding", where)
	if err != nil {
		return "", err
	}
	text = strings.ReplaceAll(text, "FROM feedback", "FROM "+quoteIdent(r.database)+".feedback")
	return literals(text, append(values, clause{"", "complaint", found.Topic})), nil
}

// findingWhere is the condition of what a finding was mined under and found in,
// without what stronger findings explain, and the values in it.
func findingWhere(f Filter, found insight.Finding) (sql string, values []clause) {
	values = append(f.clauses(), regionClauses("cell_", found.Region())...)
	parts := []string{"true"}
	if len(values) > 0 {
		parts = sqlOf(values)
	}
	for i, r := range found.Except {
		if except := regionClauses(fmt.Sprintf("except%d_", i+1), r); len(except) > 0 {
			parts = append(parts, "NOT ("+strings.Join(sqlOf(except), " AND ")+")")
			values = append(values, except...)
		}
	}
	return strings.Join(parts, "\n  AND "), values
}

func sqlOf(clauses []clause) []string {
	out := make([]string, len(clauses))
	for i, c := range clauses {
		out[i] = c.sql
	}
	return out
}

// regionClauses are the conditions of a region; prefix keeps the names of its
// values apart from those of others.
func regionClauses(prefix string, r insight.Region) (out []clause) {
	for _, d := range []struct {
		column, name string
		value        *string
	}{
		{"location", "location", r.Location}, {"source", "channel", r.Channel}, {"product", "product", r.Product},
		{"team", "team", r.Team}, {"customer_segment", "segment", r.Segment},
	} {
		if d.value != nil {
			out = append(out, clause{"f." + d.column + " = {" + prefix + d.name + ":String}", prefix + d.name, *d.value})
		}
	}
	for _, d := range []struct {
		of, name string
		values   []int
	}{
		{"intDiv(f.hour_of_week, 24) + 1", "weekdays", r.Weekdays}, {"f.hour_of_week % 24", "hours", r.Hours},
	} {
		if d.values != nil {
			out = append(out, clause{"has({" + prefix + d.name + ":Array(UInt16)}, " + d.of + ")", prefix + d.name, numberList(d.values)})
		}
	}
	if r.From != nil {
		name := prefix + "from"
		out = append(out, clause{"f.occurred_at >= {" + name + ":DateTime64(3, 'UTC')}", name, keyTime(*r.From)})
	}
	return out
}

// numberList is an Array as ClickHouse reads it.
func numberList(values []int) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = strconv.Itoa(v)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

var parameter = regexp.MustCompile(`\{(\w+):([^{}]*)\}`)

// literals writes the values of a query into its text.
func literals(sql string, values []clause) string {
	byName := map[string]any{}
	for _, c := range values {
		byName[c.name] = c.value
	}
	return parameter.ReplaceAllStringFunc(sql, func(mark string) string {
		part := parameter.FindStringSubmatch(mark)
		switch v := byName[part[1]].(type) {
		case time.Time:
			return "toDateTime64('" + v.UTC().Format("2006-01-02 15:04:05.000") + "', 3, 'UTC')"
		case string:
			if part[2] == "String" {
				return quoteText(v)
			}
			return v
		case int64:
			return strconv.FormatInt(v, 10)
		default:
			return mark
		}
	})
}

// quoteText is a string literal.
func quoteText(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\t", `\t`, "\r", `\r`, "\x00", `\0`).Replace(s) + "'"
}

// ComplaintCell counts the texts that complain of a topic in one hour of the local
// week.
type ComplaintCell struct {
	Topic      string `ch:"topic" json:"topic"`
	HourOfWeek uint8  `ch:"hour_of_week" json:"hour_of_week"`
	Complaints uint64 `ch:"complaints" json:"complaints"`
}

// Complaints counts the complaints of each topic by hour of the local week; cells
// without any are left out.
func (r *Reader) Complaints(ctx context.Context, f Filter) ([]ComplaintCell, error) {
	return selectRows[ComplaintCell](ctx, r, "complaints", f)
}
