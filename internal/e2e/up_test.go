package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/kafka"
)

const eventsTopic = "feedback.events"

// endpoints is the file that a running `up` leaves in its data directory.
type endpoints struct {
	Kafka          string `json:"kafka"`
	ClickHouse     string `json:"clickhouse"`
	ClickHouseHTTP string `json:"clickhouse_http"`
	Web            string `json:"web"`
}

// running is an `earshot up`.
type running struct {
	endpoints
	in   *install
	cmd  *exec.Cmd
	out  *logged
	gone chan error // gets the result of Wait, once
}

// freePorts are the flags that keep tests out of each other's way.
var freePorts = []string{"--kafka-listen", "127.0.0.1:0", "--clickhouse-listen", "127.0.0.1:0", "--clickhouse-http-listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"}

// up starts `earshot up` and returns when it is ready. It ends with the test.
func (in *install) up(args ...string) *running {
	in.t.Helper()
	u := &running{in: in, out: &logged{}, gone: make(chan error, 1)}
	u.cmd = in.command(append(append([]string{"up"}, freePorts...), args...)...)
	u.cmd.Cancel = func() error { return u.cmd.Process.Signal(syscall.SIGTERM) }
	u.cmd.WaitDelay = 30 * time.Second
	u.cmd.Stdout, u.cmd.Stderr = u.out, u.out
	os.Remove(filepath.Join(in.data, "endpoints.json")) // of a killed one: it would be taken for this one's
	if err := u.cmd.Start(); err != nil {
		in.t.Fatal(err)
	}
	go func() { u.gone <- u.cmd.Wait() }()
	in.t.Cleanup(u.end)
	eventually(in.t, 90*time.Second, "endpoints of up", func() bool {
		select {
		case err := <-u.gone:
			u.gone <- err
			in.t.Fatalf("up ended: %v\n%s", err, u.out)
		default:
		}
		data, err := os.ReadFile(filepath.Join(in.data, "endpoints.json"))
		return err == nil && json.Unmarshal(data, &u.endpoints) == nil && u.Web != ""
	})
	return u
}

// end stops what still runs, and shows the log of a failed test.
func (u *running) end() {
	select {
	case err := <-u.gone:
		u.gone <- err
	default:
		if _, err := u.stop(syscall.SIGTERM, 30*time.Second); err != nil {
			u.in.t.Errorf("end of up: %v", err)
			u.cmd.Process.Kill()
		}
	}
	if u.in.t.Failed() {
		u.in.t.Logf("log of up:\n%s", tail(u.out.String(), 6000))
	}
}

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return "…" + s[len(s)-n:]
}

// stop sends the signal and waits; it returns the exit code, -1 for a killed process.
func (u *running) stop(sig syscall.Signal, limit time.Duration) (code int, err error) {
	if err := u.cmd.Process.Signal(sig); err != nil {
		return 0, err
	}
	select {
	case err := <-u.gone:
		u.gone <- err
		return u.cmd.ProcessState.ExitCode(), nil
	case <-time.After(limit):
		return 0, fmt.Errorf("still running %v after %v", limit, sig)
	}
}

// query sends SQL over the HTTP port and returns the answer's lines, tab-separated.
func (u *running) query(sql string, args ...any) []string {
	u.in.t.Helper()
	text, err := u.tryQuery(fmt.Sprintf(sql, args...))
	if err != nil {
		u.in.t.Fatalf("%s: %v", sql, err)
	}
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func (u *running) tryQuery(sql string) (string, error) {
	address := "http://" + u.ClickHouseHTTP + "/?" + url.Values{"database": {"earshot"}, "user": {"default"}}.Encode()
	resp, err := http.Post(address, "text/plain", strings.NewReader(sql))
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, bytes.TrimSpace(body))
	}
	return string(body), err
}

// number is query for one number.
func (u *running) number(sql string, args ...any) int {
	u.in.t.Helper()
	lines := u.query(sql, args...)
	n, err := strconv.Atoi(strings.Join(lines, " "))
	if err != nil {
		u.in.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// get reads a page of the web server and decodes its JSON into v.
func (u *running) get(path string, v any) {
	u.in.t.Helper()
	resp, err := http.Get("http://" + u.Web + path)
	if err != nil {
		u.in.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		u.in.t.Fatalf("%s: %s %v %.300s", path, resp.Status, err, body)
	}
	if err := json.Unmarshal(body, v); err != nil {
		u.in.t.Fatalf("%s: %v in %.300s", path, err, body)
	}
}

// logEnd returns how many offsets the events topic has, over all partitions.
func (u *running) logEnd() int {
	u.in.t.Helper()
	ctx, cancel := context.WithTimeout(u.in.t.Context(), 20*time.Second)
	defer cancel()
	options := kafka.Options{Cluster: kafka.Cluster{Brokers: []string{u.Kafka}}, Topic: eventsTopic}
	source := kafka.NewSource(options)
	defer source.Close()
	total := 0
	for partition := range int32(4) {
		first, end, err := source.Bounds(ctx, pipeline.TopicPartition{Topic: eventsTopic, Partition: partition})
		if err != nil {
			u.in.t.Fatalf("bounds: %v", err)
		}
		total += int(end - first)
	}
	return total
}

// drained waits until every offset in the topic is a row, and returns how many.
func (u *running) drained(limit time.Duration) int {
	u.in.t.Helper()
	want := u.logEnd()
	eventually(u.in.t, limit, fmt.Sprintf("%d offsets stored", want), func() bool {
		return u.number("SELECT sum(span) FROM records") >= want
	})
	return want
}

// outcomes counts the offsets by what became of them.
func (u *running) outcomes() map[string]int {
	u.in.t.Helper()
	out := map[string]int{}
	for _, line := range u.query("SELECT outcome, sum(span) FROM records GROUP BY outcome") {
		name, n, _ := strings.Cut(line, "\t")
		count, err := strconv.Atoi(n)
		if err != nil {
			u.in.t.Fatal(err)
		}
		out[name] = count
	}
	return out
}

// producer sends to the events topic as any client would.
func (u *running) producer() *kafka.Producer {
	p := kafka.NewProducer(kafka.Options{Cluster: kafka.Cluster{Brokers: []string{u.Kafka}}, Topic: eventsTopic})
	u.in.t.Cleanup(func() { p.Close() })
	return p
}

// left lists the processes whose command line names the data directory.
func (in *install) left() []string {
	in.t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		in.t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err == nil && bytes.Contains(line, []byte(in.data)) {
			found = append(found, file+": "+strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}
