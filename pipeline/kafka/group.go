package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"earshot/pipeline"
)

// The times of a consumer group. A member that is killed loses its partitions
// after sessionTimeout; one that must give partitions up has rebalanceTimeout to
// write what it has read. The broker has to know more than one heartbeat a
// session.
const (
	sessionTimeout    = 6 * time.Second // the least that brokers take by default
	heartbeatInterval = time.Second
	rebalanceTimeout  = 30 * time.Second
	joinBackoff       = 400 * time.Millisecond

	// GroupDrainTimeout is how long a member may take to write what it has read,
	// once its partitions are taken away: less than a session, so that it is not
	// taken for dead meanwhile.
	GroupDrainTimeout = 4 * time.Second
)

// GroupOptions say which consumer group to join.
type GroupOptions struct {
	Cluster
	Name  string
	Topic string
	Log   *slog.Logger
	// State is told whether this process is a member, and if not, why. It may be nil.
	State func(ok bool, detail string)
}

// Group deals the partitions of a topic out among the processes that joined a
// consumer group. Only the membership is Kafka's: where to read on is the
// sink's business. It is safe for concurrent use.
type Group struct {
	opts GroupOptions

	mu    sync.Mutex
	share *kafkago.Generation // that of the share being carried; nil between two
}

var _ pipeline.Assignment = (*Group)(nil)

// NewGroup returns a group that is not joined yet.
func NewGroup(opts GroupOptions) *Group {
	if opts.State == nil {
		opts.State = func(bool, string) {}
	}
	return &Group{opts: opts}
}

// Run implements pipeline.Assignment. It leaves the group when ctx ends, after
// carry has returned, so that the others get the partitions at once.
func (g *Group) Run(ctx context.Context, carry func(context.Context, []pipeline.TopicPartition) error) error {
	mechanism, err := g.opts.SASL.mechanism()
	if err != nil {
		return err
	}
	client, transport := g.opts.client()
	defer transport.CloseIdleConnections()
	former := &former{client: client, group: g.opts.Name}
	defer former.close()
	dead := former.dead(ctx) // before we join: brokers name members of a group at rest only
	conns := &memberConns{Cluster: g.opts.Cluster, open: map[*memberConn]struct{}{}}
	member, err := kafkago.NewConsumerGroup(kafkago.ConsumerGroupConfig{
		ID: g.opts.Name, Topics: []string{g.opts.Topic}, Brokers: g.opts.Brokers,
		Dialer:         &kafkago.Dialer{ClientID: memberClientID(), DialFunc: conns.dial, Timeout: dialTimeout, SASLMechanism: mechanism},
		SessionTimeout: sessionTimeout, HeartbeatInterval: heartbeatInterval,
		RebalanceTimeout: rebalanceTimeout, JoinGroupBackoff: joinBackoff,
	})
	if err != nil {
		return fmt.Errorf("group %s: %w", g.opts.Name, err)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	left := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(left)
		if !g.carrying() {
			conns.interrupt()
		}
		_ = member.Close() // it returns nil
	})
	former.signOut(ctx, dead)
	err = g.take(ctx, member, &groupTrouble{g: g, former: former}, func(generation *kafkago.Generation) {
		g.start(ctx, stop, generation, carry)
	})
	stop(err)
	<-left
	return err
}

// take starts one share after another until ctx ends.
func (g *Group) take(ctx context.Context, member *kafkago.ConsumerGroup, trouble *groupTrouble, start func(*kafkago.Generation)) error {
	for {
		generation, err := member.Next(ctx)
		if ctx.Err() != nil {
			return failureOf(ctx)
		}
		if err != nil {
			if err := trouble.met(ctx, err); err != nil {
				return err
			}
			continue
		}
		trouble.over(generation.MemberID)
		start(generation)
	}
}

// start hands the generation's partitions to carry. A function started by the
// generation keeps it alive, and no other begins before it has returned.
func (g *Group) start(ctx context.Context, stop context.CancelCauseFunc, generation *kafkago.Generation, carry func(context.Context, []pipeline.TopicPartition) error) {
	share := g.partitions(generation)
	generation.Start(func(ends context.Context) {
		carrying, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(ends, cancel)()
		g.hold(generation)
		defer g.hold(nil)
		g.opts.Log.Info("group share", "group", g.opts.Name, "generation", generation.ID, "partitions", len(share))
		err := carry(carrying, share)
		if err != nil {
			stop(err)
		}
		// A return before the group is closed would make this process join again.
		if ctx.Err() != nil {
			<-ends.Done()
		}
	})
}

func (g *Group) partitions(generation *kafkago.Generation) []pipeline.TopicPartition {
	var share []pipeline.TopicPartition
	for _, a := range generation.Assignments[g.opts.Topic] {
		share = append(share, pipeline.TopicPartition{Topic: g.opts.Topic, Partition: int32(a.ID)})
	}
	return share
}

func (g *Group) hold(generation *kafkago.Generation) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.share = generation
}

func (g *Group) carrying() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.share != nil
}

// failureOf is why ctx was stopped, nil if from outside.
func failureOf(ctx context.Context) error {
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// Source returns a source that commits as a member of the group: brokers refuse
// commits from outside of a group that has members. A commit of a share that
// is over fails.
func (g *Group) Source(s *Source) pipeline.Source { return &memberSource{Source: s, group: g} }

type memberSource struct {
	*Source
	group *Group
}

// Commit implements pipeline.Source.
func (s *memberSource) Commit(_ context.Context, tp pipeline.TopicPartition, next int64) error {
	s.group.mu.Lock()
	generation := s.group.share
	s.group.mu.Unlock()
	if generation == nil {
		return errors.New("commit: the share is over")
	}
	err := generation.CommitOffsets(map[string]map[int]int64{tp.Topic: {int(tp.Partition): next}})
	if err != nil {
		return fmt.Errorf("commit: %w", s.group.opts.explain(err))
	}
	return nil
}
