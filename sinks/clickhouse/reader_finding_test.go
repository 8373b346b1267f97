package clickhouse

import (
	"context"
	"strings"
	"testing"
	"time"

	"earshot/pipeline/insight"
)

// findingsSQL is a chain of eight stores over 80 days. Store 3' (the name is to be
// quoted) is slow on weekend evenings, store 5 always, and twice as much as it was
// since day 50; what stores share is even.
const findingsSQL = `
INSERT INTO records (outcome, event_id, occurred_at, ingested_at, kafka_time, hour_of_week, source, location, nps, text,
    topics, topic_sentiments, topic_scores, topic_starts, topic_ends, kafka_topic, kafka_partition, kafka_offset)
WITH
    toDateTime64('2026-01-05 00:00:00', 3, 'UTC') + toIntervalMinute(number * 8) AS at,
    (toDayOfWeek(at) - 1) * 24 + toHour(at) AS how,
    concat('store ', toString(sipHash64(number) % 8), '''') AS place,
    sipHash64(number, 1) % 100 AS dice,
    multiIf(startsWith(place, 'store 3') AND how % 24 IN (18, 19) AND how >= 96, 70,
            startsWith(place, 'store 5'), if(number > 9000, 60, 20), 4) > dice AS bad
SELECT 'event', toString(number), at, at, at, how, if(number % 3 = 0, 'survey', 'review'), place, if(number % 3 = 0, if(bad, 2, 9), NULL), 'text',
    if(bad, ['service.speed', 'service.speed', 'food'], ['service.speed']), if(bad, ['negative', 'negative', 'positive'], ['positive']),
    if(bad, [-0.5, -0.5, 0.5], [0.5]), if(bad, [0, 0, 0], [0]), if(bad, [1, 1, 1], [1]), 'feedback.events', 0, number
FROM numbers(14000)`

// TestFindingSQLGivesTheCounts runs what the page shows as it is, and compares the
// comments, too.
func TestFindingSQLGivesTheCounts(t *testing.T) {
	url, conn := freshDatabase(t)
	ctx := context.Background()
	if err := conn.Exec(ctx, findingsSQL); err != nil {
		t.Fatal(err)
	}
	reader, err := OpenReader(At(url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	with := map[string]bool{}
	for name, f := range map[string]Filter{
		"all":     {},
		"reviews": {Source: "review", Text: "TEXT"},
		"period":  {Since: time.Date(2026, 1, 7, 3, 4, 5, 6_000_000, time.UTC), Until: time.Date(2026, 3, 20, 1, 2, 3, 0, time.UTC)},
	} {
		table := new(insight.Table)
		if err := reader.Observations(ctx, f, table.Add); err != nil {
			t.Fatal(err)
		}
		found, err := insight.Mine(ctx, table, insight.Options{})
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d findings in %d rows, %v", name, len(found), table.Len(), err)
		}
		for _, finding := range found {
			t.Log(name, finding.Sentence)
			with["hours"] = with["hours"] || finding.Hours != nil
			with["since"] = with["since"] || finding.Since != nil
			with["except"] = with["except"] || finding.Except != nil
			expectCounts(t, reader, f, finding)
		}
	}
	if len(with) != 3 || !with["hours"] || !with["since"] || !with["except"] {
		t.Errorf("not all kinds of findings were there: %v", with)
	}
}

func expectCounts(t *testing.T, reader *Reader, f Filter, finding insight.Finding) {
	t.Helper()
	ctx := context.Background()
	sql, err := reader.FindingSQL(f, finding)
	if err != nil {
		t.Fatal(err)
	}
	var complaints, comments uint64
	if err := reader.conn.QueryRow(ctx, sql).Scan(&complaints, &comments); err != nil {
		t.Fatalf("%v:\n%s", err, sql)
	}
	if int(complaints) != finding.Count || int(comments) != finding.Exposure {
		t.Errorf("%s\ngives %d of %d:\n%s", finding.Sentence, complaints, comments, sql)
	}
	verbatims, err := reader.FindingVerbatims(ctx, f, finding, 10_000, 0)
	if err != nil || len(verbatims) != finding.Count {
		t.Fatalf("%s: %d verbatims, %v", finding.Sentence, len(verbatims), err)
	}
	for i, v := range verbatims {
		if finding.Location != nil && v.Location != *finding.Location || i > 0 && v.OccurredAt.After(verbatims[i-1].OccurredAt) {
			t.Fatalf("%s: %+v", finding.Sentence, v)
		}
	}
	if page, err := reader.FindingVerbatims(ctx, f, finding, 2, 1); err != nil || len(page) != 2 || page[0].EventID != verbatims[1].EventID {
		t.Errorf("the page from 1: %+v, %v", page, err)
	}
}

func TestLiterals(t *testing.T) {
	at := time.Date(2026, 5, 3, 1, 2, 3, 4_000_000, time.UTC)
	got := literals("{a:String} {b:Int64} {c:Array(UInt16)} {d:DateTime64(3, 'UTC')} {a:String} {unknown:String}", []clause{
		{name: "a", value: `it's {b:Int64} \`}, {name: "b", value: int64(7)}, {name: "c", value: "[1, 2]"}, {name: "d", value: at},
	})
	want := `'it\'s {b:Int64} \\' 7 [1, 2] toDateTime64('2026-05-03 01:02:03.004', 3, 'UTC') 'it\'s {b:Int64} \\' {unknown:String}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestQuotedTextsComeBack: whatever a location is called, the literal is its name.
func TestQuotedTextsComeBack(t *testing.T) {
	_, conn := freshDatabase(t)
	for _, text := range append(words(), "nul\x00byte", "\r\n\\'", strings.Repeat("'", 50)) {
		var back string
		if err := conn.QueryRow(context.Background(), "SELECT "+quoteText(text)).Scan(&back); err != nil || back != text {
			t.Errorf("%q came back as %q, %v", text, back, err)
		}
	}
}
