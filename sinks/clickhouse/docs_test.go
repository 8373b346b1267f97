package clickhouse

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

func sqlPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/sql.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// TestDocumentedColumnsAreThere compares the tables of docs/sql.md with the views.
func TestDocumentedColumnsAreThere(t *testing.T) {
	_, conn := freshDatabase(t)
	page := sqlPage(t)
	for _, view := range []string{"feedback", "dead_letters", "replays", "models", "taxonomies", "reviewed_topics"} {
		_, section, found := strings.Cut(page, "\n### "+view+"\n")
		if !found {
			t.Fatalf("docs/sql.md has no section %s", view)
		}
		section, _, _ = strings.Cut(section, "\n#")
		documented := documentedColumns(section)
		if there := describe(t, conn, view); !slices.Equal(documented, there) {
			t.Errorf("%s: documented %q, there %q", view, documented, there)
		}
	}
}

var tableLine = regexp.MustCompile("(?m)^\\| (`[^|]+`) \\| ([^|`]+) \\|")

// documentedColumns are "name type", sorted; a line may name several columns.
func documentedColumns(section string) []string {
	var out []string
	for _, line := range tableLine.FindAllStringSubmatch(section, -1) {
		for _, name := range strings.Split(line[1], ", ") {
			out = append(out, strings.Trim(name, "`")+" "+line[2])
		}
	}
	slices.Sort(out)
	return out
}

func describe(t *testing.T, conn driver.Conn, view string) []string {
	t.Helper()
	var columns []struct {
		Name string `ch:"name"`
		Type string `ch:"type"`
	}
	err := conn.Select(context.Background(), &columns, "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}", chgo.Named("table", view))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range columns {
		out = append(out, c.Name+" "+c.Type)
	}
	slices.Sort(out)
	return out
}

var sqlBlock = regexp.MustCompile("(?s)```sql( name=(\\w+))?\n(.*?)```")

// TestDocumentedQueriesRun runs every query of docs/sql.md as a reader.
func TestDocumentedQueriesRun(t *testing.T) {
	records := randomRecords(newRand(12), 300)
	reader := storedFeedback(t, records)
	blocks := sqlBlock.FindAllStringSubmatch(sqlPage(t), -1)
	if len(blocks) < 10 {
		t.Fatalf("%d queries", len(blocks))
	}
	ctx := context.Background()
	for _, block := range blocks {
		rows, err := reader.conn.Query(ctx, block[3])
		if err != nil {
			t.Errorf("%s\n%v", block[3], err)
			continue
		}
		for rows.Next() {
		}
		if err := rows.Err(); err != nil {
			t.Errorf("%s\n%v", block[3], err)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestDocumentedKPIs compares the documented definitions with the reader's.
func TestDocumentedKPIs(t *testing.T) {
	records := randomRecords(newRand(13), 300)
	reader := storedFeedback(t, records)
	ctx := context.Background()
	want, err := reader.KPIs(ctx, Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var got KPIs
	for _, block := range sqlBlock.FindAllStringSubmatch(sqlPage(t), -1) {
		// The fixture's days are fixed; the page's look back from today.
		sql := strings.Replace(block[3], "WHERE toDate(occurred_at) >= today() - 30", "", 1)
		switch block[2] {
		case "kpis":
			err = reader.conn.QueryRow(ctx, sql).Scan(&got.Volume, &got.NetSentiment, &got.CSAT, &got.NPS, &got.CES, &got.Rating)
		case "first_response":
			err = reader.conn.QueryRow(ctx, sql).Scan(&got.FirstResponseSeconds, &got.Responses)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	want.Positive, want.Neutral, want.Negative, want.Unknown = 0, 0, 0, 0
	want.CSATAnswers, want.NPSAnswers, want.CESAnswers, want.Ratings = 0, 0, 0, 0
	if diff := difference(got, want); diff != "" {
		t.Errorf("(-reader +page)\n%s", diff)
	}
}
