package grafana

import (
	"fmt"
	"strings"

	"earshot/sinks/clickhouse"
)

func house() source { return source{"grafana-clickhouse-datasource", "${clickhouse}"} }

// selection is the condition that the reports' filters become: the dashboard's
// period, by day for the sake of the table's order, and its variables.
const selection = `toDate(f.occurred_at) >= toDate($__fromTime_ms, 'UTC') AND f.occurred_at >= $__fromTime_ms
  AND toDate(f.occurred_at) <= toDate($__toTime_ms, 'UTC') AND f.occurred_at < $__toTime_ms
  AND $__conditionalAll(f.source IN (${source:sqlstring}), $source)
  AND $__conditionalAll(f.location IN (${location:sqlstring}), $location)
  AND $__conditionalAll(f.product IN (${product:sqlstring}), $product)`

// Feedback is the dashboard of whoever listens to customers. Its figures are
// those of `earshot report`: the same queries with the dashboard's period.
func Feedback() (Dashboard, error) {
	d := Dashboard{
		UID: "earshot-feedback", Title: "Earshot: feedback", Tags: []string{"earshot"},
		Description: "What customers say: the figures of earshot report. docs/sql.md defines each KPI.",
		Timezone:    "browser", Refresh: "5m", Time: span{"now-30d", "now"}, Editable: true, GraphTooltip: 1, SchemaVersion: schemaVersion,
	}
	d.Templating.List = []variable{
		{Name: "clickhouse", Label: "ClickHouse", Type: "datasource", Query: house().Type},
		dimension("source", "Channel"), dimension("location", "Location"), dimension("product", "Product"),
	}
	q := &queries{}
	panels := []Panel{
		figures(q), responseTime(q),
		courses("Net sentiment, CSAT and NPS by day", q.of("trend"), "net_sentiment", "csat", "nps").sized(12, 9),
		volume(q).sized(12, 9),
		table("Topics: how often, and with what sentiment", q.of("topics")).sized(12, 10).field("score", decimals(2)),
		bars("Negative feedback by hour of the week (0 = Monday 00:00)", q.of("hours"), "hour_of_week", "negative").sized(12, 10),
		table("Locations", q.of("locations")).sized(12, 10).
			field("net_sentiment", decimals(1)).field("csat", decimals(1)).field("nps", decimals(1)),
		table("Tags", q.of("tags")).sized(12, 10),
		table("Negative feedback, newest first", q.where("search", "f.sentiment = 'negative'")).sized(gridWidth, 12).
			keeping("occurred_at", "source", "platform", "location", "text", "topics", "tags", "nps", "csat", "rating", "score"),
	}
	d.Panels = arrange(panels)
	return d, q.err
}

// queries takes the text of the reports' queries and keeps the first error.
type queries struct{ err error }

func (q *queries) of(name string) Target { return q.where(name, "") }

// where narrows the query down by one more condition.
func (q *queries) where(name, more string) Target {
	condition := selection
	if more != "" {
		condition += "\n  AND " + more
	}
	sql, err := clickhouse.QueryText(name, condition)
	if err != nil && q.err == nil {
		q.err = err
	}
	// A dashboard binds no parameters.
	sql = strings.NewReplacer("{limit:UInt64}", "50", "{offset:UInt64}", "0").Replace(sql)
	return Target{RefID: "A", Datasource: house(), RawSQL: sql, EditorType: "sql", QueryType: "table", Format: 1}
}

// dimension is a variable with the values of the last months, all by default.
func dimension(column, label string) variable {
	at := house()
	return variable{
		Name: column, Label: label, Type: "query", Datasource: &at, Refresh: 1, Multi: true, IncludeAll: true,
		Query:   fmt.Sprintf("SELECT DISTINCT %[1]s FROM feedback WHERE toDate(occurred_at) >= today() - 90 AND %[1]s != '' ORDER BY %[1]s LIMIT 1000", column),
		Current: &choice{Text: []string{"All"}, Value: []string{"$__all"}},
	}
}

func figures(q *queries) Panel {
	shown := []struct{ field, name, unit string }{
		{"volume", "Feedback", "short"}, {"net_sentiment", "Net sentiment", "none"}, {"csat", "CSAT", "percent"},
		{"nps", "NPS", "none"}, {"ces", "CES (1 hard .. 7 easy)", "none"}, {"rating", "Stars", "none"},
	}
	p := ask("stat", "Key figures", q.of("kpis")).sized(20, 5)
	var names []string
	for _, s := range shown {
		names = append(names, s.field)
		p = p.field(s.field, property{"displayName", s.name}, property{"unit", s.unit}, decimals(1))
	}
	p.Options = map[string]any{"colorMode": "none", "graphMode": "none", "textMode": "value_and_name",
		"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "/^(" + strings.Join(names, "|") + ")$/"}}
	return p
}

func responseTime(q *queries) Panel {
	p := ask("stat", "First response", q.of("response_time")).sized(4, 5).with("unit", "s").told("Median over threads, of the first answer minus the opening.")
	p.Options = map[string]any{"colorMode": "none", "graphMode": "none",
		"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "/^first_response_seconds$/"}}
	return p
}

func volume(q *queries) Panel {
	p := courses("Feedback by day and sentiment", q.of("trend"), "positive", "neutral", "negative").
		with("custom", map[string]any{"drawStyle": "bars", "fillOpacity": 80, "stacking": map[string]any{"mode": "normal"}}).with("min", 0)
	for _, c := range [][2]string{{"positive", "green"}, {"neutral", "#8e8e8e"}, {"negative", "red"}} {
		p = p.field(c[0], property{"color", map[string]any{"mode": "fixed", "fixedColor": c[1]}})
	}
	return p
}

// courses draws columns of a query by day.
func courses(title string, t Target, columns ...string) Panel {
	p := ask("timeseries", title, t).keeping(append([]string{"day"}, columns...)...).with("decimals", 1)
	p.Options = map[string]any{"legend": map[string]any{"displayMode": "list", "placement": "bottom"}, "tooltip": map[string]any{"mode": "multi"}}
	return p
}

func bars(title string, t Target, x, y string) Panel {
	p := ask("barchart", title, t).keeping(x, y)
	p.Options = map[string]any{"xField": x, "xTickLabelSpacing": 100, "legend": map[string]any{"showLegend": false}}
	return p
}

func table(title string, t Target) Panel { return ask("table", title, t) }

func ask(kind, title string, t Target) Panel {
	p, at := newPanel(kind, title), house()
	p.Datasource, p.Targets = &at, []Target{t}
	return p
}

// keeping drops all other columns of the answer.
func (p Panel) keeping(columns ...string) Panel {
	p.Transformations = append(p.Transformations, transformation{"filterFieldsByName", map[string]any{"include": map[string]any{"names": columns}}})
	return p
}

func decimals(n int) property { return property{"decimals", n} }
