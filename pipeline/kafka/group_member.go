package kafka

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"earshot/pipeline"
)

// memberConns are the connections of a member. Closing them ends a call to the
// coordinator, which may wait for all other members.
type memberConns struct {
	Cluster

	mu   sync.Mutex
	open map[*memberConn]struct{}
}

type memberConn struct {
	net.Conn
	of *memberConns
}

func (c *memberConns) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := c.Cluster.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	tracked := &memberConn{Conn: conn, of: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[tracked] = struct{}{}
	return tracked, nil
}

func (c *memberConn) Close() error {
	c.of.mu.Lock()
	delete(c.of.open, c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}

// interrupt closes the connections there are; new ones may follow.
func (c *memberConns) interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.open {
		_ = conn.Conn.Close() // its user gets the error
	}
}

// groupTrouble is a series of failures to become a member.
type groupTrouble struct {
	g        *Group
	former   *former
	member   string // our id in the last generation, while it may still be there
	since    time.Time
	failures int
}

// met notes a failure; kafka-go tries again by itself. The result is not nil
// when there is no point in that.
func (t *groupTrouble) met(ctx context.Context, err error) error {
	if errors.Is(err, kafkago.RebalanceInProgress) {
		return nil // another member came or went meanwhile
	}
	err = t.g.opts.explain(err)
	if f, _ := Classify(err); f.Class == pipeline.Fatal {
		return &pipeline.FatalError{Err: fmt.Errorf("group %s: %w", t.g.opts.Name, err), Advice: f.Advice}
	}
	if t.member != "" {
		t.former.signOut(ctx, []string{t.member})
		t.member = ""
	}
	t.g.opts.State(false, err.Error())
	if t.failures++; t.failures == 1 {
		t.since = time.Now()
		t.g.opts.Log.Warn("not a member of the group, trying again", "group", t.g.opts.Name, "error", err)
	}
	return nil
}

func (t *groupTrouble) over(member string) {
	t.member = member
	t.former.joined()
	t.g.opts.State(true, "")
	if t.failures > 0 {
		t.g.opts.Log.Info("a member of the group again", "group", t.g.opts.Name, "after", time.Since(t.since).Round(time.Millisecond).String(), "failures", t.failures)
	}
	t.failures = 0
}
