package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"earshot/pipeline"
)

// owners notes which member carries which partition, and when two do.
type owners struct {
	mu     sync.Mutex
	of     map[pipeline.TopicPartition]string
	shares map[string]int // how many partitions each member has now
	clash  error
}

// carry is a slow worker: it takes a while to let go of its share.
func (o *owners) carry(name string) func(context.Context, []pipeline.TopicPartition) error {
	return func(ctx context.Context, share []pipeline.TopicPartition) error {
		o.set(name, share, name)
		<-ctx.Done()
		time.Sleep(300 * time.Millisecond)
		o.set(name, share, "")
		return nil
	}
}

func (o *owners) set(name string, share []pipeline.TopicPartition, owner string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shares[name] = 0
	if owner != "" {
		o.shares[name] = len(share)
	}
	for _, tp := range share {
		if had := o.of[tp]; had != "" && had != name {
			o.clash = fmt.Errorf("%v belongs to %s and %s", tp, had, name)
		}
		o.of[tp] = owner
	}
}

// await waits until the members carry so many partitions each.
func (o *owners) await(t *testing.T, want map[string]int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		o.mu.Lock()
		match := true
		for name, n := range want {
			match = match && o.shares[name] == n
		}
		state, clash := fmt.Sprint(o.shares), o.clash
		o.mu.Unlock()
		if clash != nil {
			t.Fatal(clash)
		}
		if match {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("shares are %s, want %v", state, want)
		}
	}
}

func testGroup(brokers []string) *Group {
	return NewGroup(GroupOptions{Cluster: Cluster{Brokers: brokers}, Name: "workers", Topic: testTopic, Log: slog.New(slog.DiscardHandler)})
}

// join runs a member until the returned function is called.
func (o *owners) join(t *testing.T, brokers []string, name string) (leave func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- testGroup(brokers).Run(ctx, o.carry(name)) }()
	leave = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Errorf("%s does not leave", name)
		}
	})
	t.Cleanup(leave)
	return leave
}

func TestGroupSharesThePartitions(t *testing.T) {
	brokers := testCluster(t, 6)
	o := &owners{of: map[pipeline.TopicPartition]string{}, shares: map[string]int{}}
	leaveA := o.join(t, brokers, "a")
	o.await(t, map[string]int{"a": 6})
	leaveB := o.join(t, brokers, "b")
	o.await(t, map[string]int{"a": 3, "b": 3})
	leaveC := o.join(t, brokers, "c")
	o.await(t, map[string]int{"a": 2, "b": 2, "c": 2})
	leaveA()
	o.await(t, map[string]int{"a": 0, "b": 3, "c": 3})
	leaveC()
	o.await(t, map[string]int{"b": 6, "c": 0})
	leaveB()
	o.await(t, map[string]int{"b": 0})
}

// A member that is stopped while it joins does not wait for the others.
func TestGroupStopsWhileJoining(t *testing.T) {
	brokers := testCluster(t, 2)
	hold := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	started, first := make(chan struct{}, 10), make(chan error, 1)
	go func() {
		first <- testGroup(brokers).Run(ctx, func(context.Context, []pipeline.TopicPartition) error {
			started <- struct{}{}
			<-hold // it does not let go of its share
			return nil
		})
	}()
	<-started
	joining, stop := context.WithCancel(context.Background())
	second := make(chan error, 1)
	go func() { second <- testGroup(brokers).Run(joining, nil) }()
	time.Sleep(2 * time.Second) // the second one waits for the first one's answer
	stop()
	select {
	case err := <-second:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second): // a rebalance takes up to 30 s
		t.Error("the joining member does not stop")
	}
	cancel()
	close(hold)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

func TestGroupReturnsTheWorkersError(t *testing.T) {
	brokers := testCluster(t, 2)
	broken := errors.New("the table is gone")
	err := testGroup(brokers).Run(context.Background(), func(context.Context, []pipeline.TopicPartition) error { return broken })
	if !errors.Is(err, broken) {
		t.Errorf("Run: %v", err)
	}
}

func TestGroupCommitsWhileItHasAShare(t *testing.T) {
	brokers := testCluster(t, 1)
	group := testGroup(brokers)
	source := group.Source(testSource(t, brokers))
	tp := pipeline.TopicPartition{Topic: testTopic}
	if err := source.Commit(context.Background(), tp, 1); err == nil {
		t.Error("a commit without a share succeeded")
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err := group.Run(ctx, func(ctx context.Context, _ []pipeline.TopicPartition) error {
		err := source.Commit(ctx, tp, 7)
		cancel()
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := source.Commit(context.Background(), tp, 9); err == nil {
		t.Error("a commit after the share succeeded")
	}
}

func TestGroupWaitsForTheBroker(t *testing.T) {
	states := make(chan bool, 100)
	group := NewGroup(GroupOptions{Cluster: Cluster{Brokers: []string{"127.0.0.1:1"}}, Name: "workers", Topic: testTopic,
		Log: slog.New(slog.DiscardHandler), State: func(ok bool, _ string) { states <- ok }})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- group.Run(ctx, nil) }()
	if <-states {
		t.Error("a member without a broker")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
