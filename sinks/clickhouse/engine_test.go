package clickhouse

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// engineVar names the host:port of a ClickHouse server that tests may fill.
// Unset: those tests are skipped and say so.
const engineVar = "EARSHOT_TEST_CLICKHOUSE"

// freshDatabase returns the URL of a new, migrated database on the test engine
// and a connection to it. Both go with the test.
func freshDatabase(t testing.TB) (string, driver.Conn) {
	t.Helper()
	addr := os.Getenv(engineVar)
	if addr == "" {
		t.Skipf("%s is not set: no ClickHouse to test against", engineVar)
	}
	name := fmt.Sprintf("earshot_test_%d", time.Now().UnixNano())
	url := "clickhouse://default@" + addr + "/" + name
	ctx := context.Background()
	if err := Migrate(ctx, At(url), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	conn, err := Open(At(url))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Exec(ctx, "DROP DATABASE "+quoteIdent(name)); err != nil {
			t.Error(err)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	return url, conn
}

// number runs a query that yields one number.
func number(t testing.TB, conn driver.Conn, query string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := conn.QueryRow(context.Background(), "SELECT toInt64(("+query+"))", args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}
