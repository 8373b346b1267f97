package kafkatest

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed Produce.java
var produceJava []byte

// Script is what Kafka's own Java client shall do. The zero value is an empty one.
type Script struct{ commands strings.Builder }

// Open goes on with a new producer, which is a transactional one if transaction,
// its id, is not "". Codec: none, gzip, snappy, lz4, zstd.
func (s *Script) Open(codec, transaction string) {
	s.add(strings.TrimSpace("open " + codec + " " + transaction))
}

// Topic says where the commands that follow act.
func (s *Script) Topic(name string) { s.add("topic " + name) }

// Send sends a record to the partition that Java's partitioner picks. Neither
// may have line breaks, the key no space.
func (s *Script) Send(key, value string) { s.add("send " + key + " " + value) }

// Flush ends the batch and waits until it is acknowledged.
func (s *Script) Flush() { s.add("flush") }

// Begin begins a transaction; Commit or Abort ends it.
func (s *Script) Begin() { s.add("begin") }

// Commit ends the transaction.
func (s *Script) Commit() { s.add("commit") }

// Abort ends the transaction; its records stay in the log.
func (s *Script) Abort() { s.add("abort") }

// Truncate deletes the records before offset.
func (s *Script) Truncate(partition int32, before int64) {
	s.add(fmt.Sprintf("truncate %d %d", partition, before))
}

func (s *Script) add(line string) { s.commands.WriteString(line + "\n") }

// Sent is where a record came to lie.
type Sent struct {
	Partition int32
	Offset    int64
}

// Run lets Java's client carry out the script against the plain listener. It
// returns one Sent for each Send, in order.
func (b *Broker) Run(ctx context.Context, s *Script) ([]Sent, error) {
	source := filepath.Join(b.files.dir, "Produce.java")
	if err := os.WriteFile(source, produceJava, 0o600); err != nil {
		return nil, err
	}
	var out, problems bytes.Buffer
	cmd := exec.CommandContext(ctx, "java", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
		"-cp", b.Jars(), source, b.Addr())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(s.commands.String()), &out, &problems
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("java client: %w: %s", err, lastLines(problems.Bytes(), 5))
	}
	var sent []Sent
	for line := range strings.Lines(out.String()) {
		var at Sent
		if _, err := fmt.Sscan(line, &at.Partition, &at.Offset); err != nil {
			return nil, fmt.Errorf("java client said %q: %w", line, err)
		}
		sent = append(sent, at)
	}
	return sent, nil
}
