package grafana

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"earshot/sinks/clickhouse"
)

// asGrafana puts in what Grafana and its ClickHouse plugin do: a period, and for
// each variable either the values chosen or no condition at all.
func asGrafana(sql string, chosen bool) string {
	at := time.Date(2026, 7, 3, 12, 0, 0, 0, time.UTC)
	sql = strings.NewReplacer(
		"$__fromTime_ms", fmt.Sprintf("fromUnixTimestamp64Milli(%d)", at.AddDate(0, -1, 0).UnixMilli()),
		"$__toTime_ms", fmt.Sprintf("fromUnixTimestamp64Milli(%d)", at.UnixMilli())).Replace(sql)
	conditional := regexp.MustCompile(`\$__conditionalAll\((.* IN )\(\$\{\w+:sqlstring\}\), \$\w+\)`)
	if chosen {
		return conditional.ReplaceAllString(sql, "$1('it''s','store-001')")
	}
	return conditional.ReplaceAllString(sql, "1=1")
}

// Every question of the dashboard is one that ClickHouse understands, and what
// the panels show is in its answer.
func TestFeedbackQuestionsRun(t *testing.T) {
	engine := os.Getenv("EARSHOT_TEST_CLICKHOUSE")
	if engine == "" {
		t.Skip("EARSHOT_TEST_CLICKHOUSE is not set: no ClickHouse to test against")
	}
	ctx := context.Background()
	database := fmt.Sprintf("grafana_test_%d", time.Now().UnixNano())
	at := clickhouse.At("clickhouse://default@" + engine + "/" + database)
	if err := clickhouse.Migrate(ctx, at, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	defer func() {
		if err := conn.Exec(ctx, "DROP DATABASE "+database); err != nil {
			t.Error(err)
		}
	}()
	d := dashboards(t)["feedback.json"]
	columns := func(what, sql string) []string {
		if strings.ContainsAny(sql, "${}") {
			t.Errorf("%s: something is left for Grafana to fill in: %s", what, sql)
		}
		rows, err := conn.Query(ctx, sql)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return nil
		}
		defer rows.Close()
		return rows.Columns()
	}
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			columns(p.Title, asGrafana(target.RawSQL, true))
			checkShown(t, p, columns(p.Title, asGrafana(target.RawSQL, false)))
		}
	}
	for _, v := range d.Templating.List {
		if v.Type == "query" {
			columns(v.Name, v.Query)
		}
	}
}

// checkShown: the columns that a panel names are in the answer.
func checkShown(t *testing.T, p Panel, columns []string) {
	t.Helper()
	there := map[string]bool{}
	for _, c := range columns {
		there[c] = true
	}
	var named []string
	for _, o := range p.FieldConfig.Overrides {
		named = append(named, o.Matcher.Options)
	}
	for _, tr := range p.Transformations {
		named = append(named, tr.Options["include"].(map[string]any)["names"].([]string)...)
	}
	for _, name := range named {
		if !there[name] {
			t.Errorf("%s: no column %s in the answer: %v", p.Title, name, columns)
		}
	}
}
