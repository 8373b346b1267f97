package e2e

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// Clients that are not ours: whatever speaks Kafka produces, whatever speaks
// HTTP or ClickHouse's protocol reads.
func TestForeignClients(t *testing.T) {
	needEngine(t)
	kcat, curl := needProgram(t, "kcat"), needProgram(t, "curl")
	in := newInstall(t)
	up := in.up()
	now := time.Now().UTC().Format(time.RFC3339)
	event := func(i int) string {
		return fmt.Sprintf(`{"id":"k-%d","source":"social","occurred_at":%q,"text":"great soup, slow service at lunch"}`, i, now)
	}
	var input strings.Builder
	for i := range 500 {
		fmt.Fprintf(&input, "customer-%d\t%s\n", i%50, event(i))
	}
	for _, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		produce := exec.CommandContext(t.Context(), kcat, "-P", "-b", up.Kafka, "-t", eventsTopic, "-K", "\t", "-z", codec)
		produce.Stdin = strings.NewReader(strings.ReplaceAll(input.String(), `"k-`, `"`+codec+`-`))
		if out, err := produce.CombinedOutput(); err != nil {
			t.Fatalf("kcat -z %s: %v\n%s", codec, err, out)
		}
	}
	if err := up.producer().Send(t.Context(), []pipeline.OutMessage{{Key: []byte("c"), Value: []byte(event(0))}}); err != nil {
		t.Fatal(err)
	}
	up.drained(30 * time.Second)

	read := exec.CommandContext(t.Context(), curl, "-sS", "http://"+up.ClickHouseHTTP+"/?database=earshot&user=earshot_reader",
		"--data-binary", "SELECT count(), uniqExact(event_id) FROM feedback")
	out, err := read.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "2501\t2501" {
		t.Errorf("curl reads %q, %v", out, err)
	}
	checkNative(t, up)
	consume := exec.CommandContext(t.Context(), kcat, "-C", "-b", up.Kafka, "-t", eventsTopic, "-e", "-q", "-o", "beginning")
	if out, err := consume.Output(); err != nil || strings.Count(string(out), "\n") != 2501 {
		t.Errorf("kcat reads %d messages, %v", strings.Count(string(out), "\n"), err)
	}
}

func checkNative(t *testing.T, up *running) {
	t.Helper()
	conn, err := clickhouse.Open(clickhouse.At("clickhouse://earshot_reader@" + up.ClickHouse + "/earshot"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var n uint64
	if err := conn.QueryRow(ctx, "SELECT count() FROM feedback").Scan(&n); err != nil || n != 2501 {
		t.Errorf("clickhouse-go reads %d, %v", n, err)
	}
	if err := conn.Exec(ctx, "CREATE TABLE earshot.x (n UInt8) ENGINE = Memory"); err == nil {
		t.Error("the reader may create tables")
	}
}
