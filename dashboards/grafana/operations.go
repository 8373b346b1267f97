// Package grafana makes Earshot's dashboards for Grafana: operations from the
// metrics of workers and page (Prometheus), feedback from the queries of the
// reports (ClickHouse). operations.json and feedback.json are its output; `make
// docs` writes them anew.
package grafana

import "fmt"

const schemaVersion = 41

func prometheus() source { return source{"prometheus", "${prometheus}"} }

// Operations is the dashboard of whoever runs Earshot.
func Operations() Dashboard {
	d := Dashboard{
		UID: "earshot-operations", Title: "Earshot: operations", Tags: []string{"earshot"},
		Description: "Is every event stored, how fast, and what is in the way. docs/operations.md describes each metric.",
		Timezone:    "browser", Refresh: "30s", Time: span{"now-3h", "now"}, Editable: true, GraphTooltip: 1, SchemaVersion: schemaVersion,
	}
	d.Templating.List = []variable{{Name: "prometheus", Label: "Prometheus", Type: "datasource", Query: "prometheus"}}
	var panels []Panel
	for _, part := range [][]Panel{atAGlance(), flow(), batches(), models(), trouble(), requests(), process()} {
		panels = append(panels, part...)
	}
	d.Panels = arrange(panels)
	return d
}

func atAGlance() []Panel {
	seconds := func(p Panel, warn, bad float64) Panel {
		return p.with("unit", "s").with("thresholds", limit(warn, bad))
	}
	state := number("Ready", "min(earshot_ready)").with("mappings", []map[string]any{{"type": "value", "options": map[string]any{
		"1": map[string]any{"text": "yes", "color": "green"}, "0": map[string]any{"text": "no", "color": "red"}}}})
	return []Panel{
		row("At a glance"),
		state.told("Whether /readyz of every process says that it can do its work."),
		number("Behind, events", "sum(earshot_lag_events)").with("thresholds", limit(10_000, 1_000_000)),
		seconds(number("Behind, time", "max(earshot_lag_seconds)"), 60, 300),
		number("Paused partitions", "sum(earshot_partition_paused)").with("thresholds", limit(1, 1)),
		seconds(number("Newest event", "time() - max(earshot_newest_event_timestamp_seconds)"), 3600, 24*3600).
			told("Since when nothing new came to Kafka, or nothing of it was stored."),
		seconds(number("Last write", "time() - max(earshot_last_write_timestamp_seconds)"), 3600, 24*3600),
		number("Dead letters, 1 h", "sum(increase(earshot_dead_letters_total[1h]))").with("decimals", 0).with("thresholds", limit(1, 100)),
		number("Retries, 1 h", "sum(increase(earshot_retries_total[1h]))").with("decimals", 0).with("thresholds", limit(1, 100)),
	}
}

func flow() []Panel {
	return []Panel{
		row("Flow"),
		lines("Offsets stored per second", "ops", query(`sum by (outcome) (rate(earshot_records_total[$__rate_interval]))`, "{{outcome}}")).sized(12, 8),
		lines("Events behind, by partition", "short", query(`sum by (partition) (earshot_lag_events)`, "{{partition}}")).sized(12, 8),
		lines("Time behind, by partition", "s", query(`max by (partition) (earshot_lag_seconds)`, "{{partition}}")).sized(12, 8),
		lines("Dead letters per minute, by reason", "short", query(`sum by (reason) (rate(earshot_dead_letters_total[$__rate_interval])) * 60 > 0`, "{{reason}}")).sized(12, 8).
			told("A jump means that a producer changed: earshot deadletters list --since 1h."),
	}
}

func batches() []Panel {
	return []Panel{
		row("Batches"),
		lines("Rows of a batch", "short", quantile(0.5, "earshot_batch_rows"), quantile(0.95, "earshot_batch_rows")).sized(8, 8),
		lines("Time to store a batch", "s", quantile(0.5, "earshot_batch_seconds"), quantile(0.95, "earshot_batch_seconds")).sized(8, 8),
		lines("Where the time goes", "s", query(`sum by (stage) (rate(earshot_stage_seconds_sum[$__rate_interval]))`, "{{stage}}")).sized(8, 8).
			with("custom", stacked()).told("Seconds per second in each stage, over all partitions. fetch includes waiting for news."),
		lines("Event ids: looked up, asked of the table, per second", "short", query(`sum(rate(earshot_ids_checked_total[$__rate_interval]))`, "looked up"),
			query(`sum(rate(earshot_ids_asked_total[$__rate_interval]))`, "asked of the table")).sized(8, 8),
		lines("Event ids in the filter", "short", query(`sum by (instance) (earshot_id_filter_ids * earshot_id_filter_loaded)`, "{{instance}}")).sized(8, 8).
			told("0 while it loads: the table answers meanwhile."),
		lines("Memory of the filter", "bytes", query(`sum by (instance) (earshot_id_filter_bytes)`, "{{instance}}")).sized(8, 8),
	}
}

func models() []Panel {
	return []Panel{
		row("Sentiment model"),
		lines("Workers by version", "short", query(`count by (version) (earshot_model_info)`, "{{version}}")).sized(8, 8),
		lines("Cannot use the version in place", "short", query(`sum by (instance) (earshot_model_behind)`, "{{instance}}")).sized(8, 8).
			told("Another version scores meanwhile: earshot model history, earshot model rollback."),
		lines("Rounds of adapting per day, by result", "short", query(`sum by (result) (increase(earshot_model_rounds_total[1d]))`, "{{result}}")).sized(8, 8),
	}
}

func trouble() []Panel {
	return []Panel{
		row("Trouble"),
		lines("Retries per minute, by stage and class", "short", query(`sum by (stage, class) (rate(earshot_retries_total[$__rate_interval])) * 60 > 0`, "{{stage}} ({{class}})")).sized(8, 8),
		lines("Paused, by partition", "short", query(`earshot_partition_paused > 0`, "{{partition}}")).sized(8, 8),
		lines("Chunks read ahead, by partition", "short", query(`sum by (partition) (earshot_queue_depth)`, "{{partition}}")).sized(8, 8),
	}
}

func requests() []Panel {
	return []Panel{
		row("Page and API"),
		lines("Requests per second", "reqps", query(`sum by (route) (rate(earshot_http_requests_total[$__rate_interval]))`, "{{route}}")).sized(8, 8),
		lines("Failed requests per minute", "short", query(`sum by (route, code) (rate(earshot_http_requests_total{code=~"4xx|5xx"}[$__rate_interval])) * 60 > 0`, "{{route}} {{code}}")).sized(8, 8),
		lines("Time of 95 % of requests", "s", query(`histogram_quantile(0.95, sum by (le, route) (rate(earshot_http_request_seconds_bucket[$__rate_interval])))`, "{{route}}")).sized(8, 8),
	}
}

func process() []Panel {
	return []Panel{
		row("Process"),
		lines("Resident memory", "bytes", query(`process_resident_memory_bytes * on (job, instance) group_left (version) earshot_build_info`, "{{instance}} {{version}}")).sized(8, 8),
		lines("Processors in use", "short", query(`rate(process_cpu_seconds_total[$__rate_interval]) * on (job, instance) group_left (version) earshot_build_info`, "{{instance}}")).sized(8, 8),
		lines("Goroutines", "short", query(`go_goroutines * on (job, instance) group_left (version) earshot_build_info`, "{{instance}}")).sized(8, 8),
	}
}

func query(expr, legend string) Target {
	return Target{Datasource: prometheus(), Expr: expr, LegendFormat: legend}
}

// quantile is that of a histogram over all its series.
func quantile(q float64, histogram string) Target {
	return query(fmt.Sprintf("histogram_quantile(%g, sum by (le) (rate(%s_bucket[$__rate_interval])))", q, histogram), fmt.Sprintf("%g %%", 100*q))
}

// number shows the newest value.
func number(title, expr string) Panel {
	p := newPanel("stat", title).sized(3, 4)
	source := prometheus()
	p.Datasource = &source
	p.Targets = []Target{{RefID: "A", Datasource: source, Expr: expr, Instant: true}}
	p.Options = map[string]any{"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}}, "colorMode": "value", "graphMode": "none"}
	return p
}

// lines shows how values go over time.
func lines(title, unit string, targets ...Target) Panel {
	p := newPanel("timeseries", title).with("unit", unit).with("min", 0).with("custom", map[string]any{"fillOpacity": 10, "showPoints": "never"})
	source := prometheus()
	p.Datasource = &source
	for i, t := range targets {
		t.RefID = string(rune('A' + i))
		p.Targets = append(p.Targets, t)
	}
	p.Options = map[string]any{"legend": map[string]any{"displayMode": "list", "placement": "bottom"}, "tooltip": map[string]any{"mode": "multi", "sort": "desc"}}
	return p
}

func stacked() map[string]any {
	return map[string]any{"fillOpacity": 60, "showPoints": "never", "stacking": map[string]any{"mode": "normal"}}
}
