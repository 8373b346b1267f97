package kafka

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"earshot/internal/kafkatest"
	"earshot/pipeline"
)

func TestDiedHere(t *testing.T) {
	child := exec.Command("true")
	if err := child.Run(); err != nil {
		t.Skip(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Skip(err)
	}
	for id, want := range map[string]bool{
		fmt.Sprintf("earshot/%s/%d/1", host, child.Process.Pid): true,
		fmt.Sprintf("earshot/%s/%d/1", host, os.Getpid()):       true,
		memberClientID(): false,
		fmt.Sprintf("earshot/%s/%d/1", host, os.Getppid()):                false,
		fmt.Sprintf("earshot/%s.elsewhere/%d/1", host, child.Process.Pid): false,
		fmt.Sprintf("other/%s/%d/1", host, child.Process.Pid):             false,
		fmt.Sprintf("earshot/%s/0/1", host):                               false,
		fmt.Sprintf("earshot/%s/x/1", host):                               false,
		"earshot":                                                         false, "": false,
	} {
		if got := diedHere(id); got != want {
			t.Errorf("diedHere(%q) is %v", id, got)
		}
	}
}

// joins runs a member that tells of each share, until the test ends.
func joins(t *testing.T, broker string) <-chan int {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done, shares := make(chan error, 1), make(chan int, 100)
	group := NewGroup(GroupOptions{Cluster: Cluster{Brokers: []string{broker}}, Name: "workers", Topic: testTopic, Log: slog.New(slog.DiscardHandler)})
	go func() {
		done <- group.Run(ctx, func(ctx context.Context, share []pipeline.TopicPartition) error {
			shares <- len(share)
			<-ctx.Done()
			return nil
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return shares
}

// After the broker was killed a member does not wait for its own former session.
// The log tells how long it took; a session is 6 s.
func TestRealKafkaGroupAfterAKill(t *testing.T) {
	broker := kafkatest.New(t, kafkatest.Options{})
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := EnsureTopics(ctx, Cluster{Brokers: []string{broker.Addr()}}, []TopicSpec{{Name: testTopic, Partitions: 2}}); err != nil {
		t.Fatal(err)
	}
	shares := joins(t, broker.Addr())
	<-shares
	for range 3 {
		if err := broker.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := broker.Restart(ctx); err != nil {
			t.Fatal(err)
		}
		back := time.Now()
		select {
		case n := <-shares:
			if n != 2 {
				t.Errorf("%d partitions", n)
			}
		case <-ctx.Done():
			t.Fatal("no share after the broker is back")
		}
		t.Logf("a share again %v after the broker is back", time.Since(back).Round(time.Millisecond))
	}
}
