package embedded

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
)

const (
	// partitionBytes bounds a partition's log. The broker reads all of it into
	// memory once at each start, so this bounds start time and peak memory too.
	partitionBytes = 512 << 20
	segmentBytes   = 64 << 20
	cleanEvery     = time.Minute
)

// BrokerOptions say where the broker keeps its log and listens.
type BrokerOptions struct {
	Dir    string
	Listen string // host:port; the host is what clients are told, so it must be a concrete address; port 0 picks a free one
	Log    *slog.Logger

	// Advertise is the host:port that clients are sent to in place of Listen,
	// as for a proxy before the broker.
	Advertise string

	partitionBytes int64         // 0: the constant above
	cleanEvery     time.Duration // 0: the constant above
}

// Broker is one node that speaks the Kafka protocol and keeps its log on disk.
// What it acknowledged survives a kill -9 of this process; it does not fsync
// each write, as Apache Kafka does not either.
type Broker struct {
	cluster *kfake.Cluster
	addr    string
	stop    chan struct{}
	cleaned sync.WaitGroup
	once    sync.Once
}

// StartBroker loads the log and listens; it is ready when it returns.
func StartBroker(o BrokerOptions) (*Broker, error) {
	if err := concreteHost(o.Listen); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	ln, err := listen(o.Listen)
	if err != nil {
		return nil, err
	}
	told := ln.Addr()
	if o.Advertise != "" {
		if told, err = net.ResolveTCPAddr("tcp", o.Advertise); err != nil {
			ln.Close()
			return nil, fmt.Errorf("%q is not HOST:PORT: %w", o.Advertise, err)
		}
	}
	retain := o.partitionBytes
	if retain == 0 {
		retain = partitionBytes
	}
	cluster, err := kfake.NewCluster(
		kfake.NumBrokers(1),
		kfake.ListenFn(func(string, string) (net.Listener, error) { return guardListener{ln, told}, nil }),
		kfake.ClusterID("earshot"),
		kfake.DataDir(o.Dir),
		kfake.DefaultNumPartitions(4),
		kfake.WithLogger(brokerLog{o.Log}),
		kfake.BrokerConfigs(map[string]string{
			// By size alone: events carry their own time, and an old timestamp
			// must not delete a message that nobody has read yet.
			"log.retention.ms":    "-1",
			"log.retention.bytes": strconv.FormatInt(retain, 10),
			"log.segment.bytes":   strconv.FormatInt(min(segmentBytes, retain), 10),
			"message.max.bytes":   strconv.Itoa(16 << 20),
		}),
	)
	if err != nil {
		ln.Close()
		return nil, fmt.Errorf("broker log in %s: %w", o.Dir, err)
	}
	debug.FreeOSMemory() // the log was read whole to be checked
	b := &Broker{cluster: cluster, addr: ln.Addr().String(), stop: make(chan struct{})}
	every := o.cleanEvery
	if every == 0 {
		every = cleanEvery
	}
	b.cleaned.Go(func() { b.clean(every) })
	return b, nil
}

// Addr is the bootstrap address, host:port.
func (b *Broker) Addr() string { return b.addr }

// Close stops listening, saves the state and closes the files.
func (b *Broker) Close() {
	b.once.Do(func() {
		close(b.stop)
		b.cleaned.Wait()
		b.cluster.Close()
	})
}

// clean applies retention and compaction. The cluster's own ticker starts only
// once a topic with such a setting is made, not when one is loaded.
func (b *Broker) clean(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-b.stop:
			return
		case <-tick.C:
			b.cluster.Compact()
		}
	}
}

// concreteHost refuses addresses that clients could not connect back to.
func concreteHost(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is not HOST:PORT", addr)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return fmt.Errorf("%q names no address: Kafka tells its clients where to connect, so name one, like 127.0.0.1:9092", addr)
	}
	return nil
}

// brokerLog passes the cluster's complaints on; its request log is left out.
type brokerLog struct{ log *slog.Logger }

func (l brokerLog) Logf(level kfake.LogLevel, format string, args ...any) {
	switch level {
	case kfake.LogLevelError:
		l.log.Error("broker: " + fmt.Sprintf(format, args...))
	case kfake.LogLevelWarn:
		l.log.Warn("broker: " + fmt.Sprintf(format, args...))
	}
}
