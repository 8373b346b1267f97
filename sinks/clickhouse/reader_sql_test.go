package clickhouse

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

var updateSQL = flag.Bool("update-sql", false, "write the SQL that is sent to testdata/sql as the new expectation")

func fullFilter() Filter {
	hour, ofDay := 42, 18
	return Filter{
		Since: fixtureStart(), Until: fixtureStart().AddDate(0, 1, 0),
		Source: "review", Platform: "google", Location: "it's", Product: "p", Team: "t", Agent: "a", Segment: "vip",
		Topic: "service", TopicSentiment: "negative", Context: "peak_hours", Sentiment: "negative", Language: "en", CustomerID: "c", Text: "100%", HourOfWeek: &hour, Hour: &ofDay,
	}
}

// TestSQLIsPinned compares the SQL of each query with the reviewed text, without
// a filter and with every condition. `go test ./sinks/clickhouse -update-sql`
// writes it anew.
func TestSQLIsPinned(t *testing.T) {
	names, err := fs.Glob(queryFiles, "queries/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, file := range names {
		name := strings.TrimSuffix(filepath.Base(file), ".sql")
		t.Run(name, func(t *testing.T) {
			var sent strings.Builder
			for _, f := range []Filter{{}, fullFilter()} {
				where, args := f.where()
				sql, err := querySQL(name, where)
				if err != nil {
					t.Fatal(err)
				}
				if text := sql + boundText(args) + "\n"; !strings.Contains(sent.String(), sql) { // without a filter both are the same
					sent.WriteString(text)
				}
			}
			checkPinned(t, filepath.Join("testdata", "sql", name+".sql"), sent.String())
		})
	}
}

func boundText(args []any) string {
	var b strings.Builder
	for _, arg := range args {
		switch v := arg.(type) {
		case driver.NamedValue:
			fmt.Fprintf(&b, "-- %s = %v\n", v.Name, v.Value)
		case driver.NamedDateValue:
			fmt.Fprintf(&b, "-- %s = %s\n", v.Name, v.Value.Format(time.RFC3339Nano))
		}
	}
	return b.String()
}

func checkPinned(t *testing.T, path, got string) {
	t.Helper()
	if *updateSQL {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: look at the query, then pin it with -update-sql", err)
	}
	if string(want) != got {
		t.Errorf("the SQL differs from %s: look at it, then pin it with -update-sql; sent:\n%s", path, got)
	}
}

// TestNoValueInSQL holds for any filter: its values are bound, never written.
func TestNoValueInSQL(t *testing.T) {
	f := fullFilter()
	full, _ := f.where()
	for _, value := range []*string{&f.Source, &f.Platform, &f.Location, &f.Product, &f.Team, &f.Agent, &f.Segment, &f.Topic, &f.TopicSentiment, &f.Context, &f.Sentiment, &f.Language, &f.CustomerID, &f.Text} {
		*value = "'; DROP TABLE records --"
	}
	if hostile, _ := f.where(); hostile != full {
		t.Errorf("the values changed the SQL:\n%s", hostile)
	}
}

func TestTimesBeyondTheTable(t *testing.T) {
	reader := storedFeedback(t, randomRecords(newRand(8), 100))
	ctx := context.Background()
	all, err := reader.KPIs(ctx, Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []Filter{
		{Since: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)}, {Since: time.Unix(0, 1)},
		{Until: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}, {Until: time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if k, err := reader.KPIs(ctx, f); err != nil || k.Volume != all.Volume {
			t.Errorf("%v to %v: %d of %d, %v", f.Since, f.Until, k.Volume, all.Volume, err)
		}
	}
}

// TestDaysAreSkipped makes sure that a period is read, not the whole table.
func TestDaysAreSkipped(t *testing.T) {
	_, conn := freshDatabase(t)
	where, args := Filter{Since: fixtureStart(), Until: fixtureStart().AddDate(0, 0, 1)}.where()
	var plan []struct {
		Explain string `ch:"explain"`
	}
	if err := conn.Exec(context.Background(), "INSERT INTO records (outcome, occurred_at) SELECT 'event', now() FROM numbers(3)"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Select(context.Background(), &plan, "EXPLAIN indexes = 1 SELECT count(), sum(f.score) FROM feedback AS f WHERE "+where, args...); err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(plan); !strings.Contains(text, "toDate(occurred_at)") || !strings.Contains(text, "Granules: 0/1") {
		t.Errorf("the sorting key is not used: %s", text)
	}
}

func TestReaderIsReadOnly(t *testing.T) {
	url, _ := freshDatabase(t)
	reader := openReadOnly(t, url)
	if err := reader.conn.Exec(context.Background(), "INSERT INTO records (event_id) VALUES ('x')"); err == nil {
		t.Error("the test's read-only connection may write: the other tests prove nothing")
	}
}

func TestErrorsOfQueries(t *testing.T) {
	url, conn := freshDatabase(t)
	ctx := context.Background()

	reader := openReadOnly(t, url)
	reader.timeout = time.Nanosecond
	if _, err := reader.KPIs(ctx, Filter{}); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "query kpis") {
		t.Errorf("too slow: %v", err)
	}
	reader.timeout = 0
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := reader.Topics(canceled, Filter{}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	if _, err := selectRows[KPIs](ctx, reader, "nonsense", Filter{}); err == nil {
		t.Error("a query that does not exist was run")
	}
	if _, err := selectRows[KPIs](ctx, reader, "search", Filter{}); err == nil || !strings.Contains(err.Error(), "query search") {
		t.Errorf("unbound parameters: %v", err)
	}

	if err := conn.Exec(ctx, "DROP VIEW feedback"); err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Hours(ctx, Filter{}); !errors.Is(err, ErrNoSchema) {
		t.Errorf("no table: %v", err)
	}
	if _, err := OpenReader(At(strings.Replace(url, "earshot_test_", "nowhere_", 1)), 0); !errors.Is(err, ErrNoSchema) {
		t.Errorf("no database: %v", err)
	}
	var unreachable *UnreachableError
	if _, err := OpenReader(At("clickhouse://127.0.0.1:1/earshot"), 0); !errors.As(err, &unreachable) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestTooManyRowsIsAnError(t *testing.T) {
	url, _ := freshDatabase(t)
	ctx, cancel := openReadOnly(t, url).limit(context.Background())
	defer cancel()
	conn, err := Open(At(url))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	var rows []struct {
		Number uint64 `ch:"number"`
	}
	var exception *chgo.Exception
	if err := conn.Select(ctx, &rows, fmt.Sprintf("SELECT number FROM numbers(%d)", maxAnswerRows+1)); !errors.As(err, &exception) {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}
