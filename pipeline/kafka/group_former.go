package kafka

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

const (
	formerTimeout = 2 * time.Second        // for one question about former members
	formerPause   = 200 * time.Millisecond // between two tries to sign them out
)

// former signs members out of the group that cannot come back: this process's
// own membership from before it lost the coordinator, which kafka-go forgets,
// and those of processes of this machine that have died. Otherwise everybody
// who joins would wait until their sessions are over.
type former struct {
	client *kafkago.Client
	group  string
	stop   context.CancelFunc // ends the signing out that is under way
	ended  sync.WaitGroup
}

// born tells this process from an earlier one of the same number.
var born = time.Now().UnixNano()

// memberClientID tells brokers, and the next process here, who a member is.
func memberClientID() string {
	host, _ := os.Hostname() // without a name all such machines are one
	return fmt.Sprintf("earshot/%s/%d/%d", host, os.Getpid(), born)
}

// dead returns the members that were processes of this machine and are no more.
// Machines that share their name, but not their processes, may take each other's
// for dead: these join again. A broker that does not answer knows of none.
func (f *former) dead(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, formerTimeout)
	defer cancel()
	answer, err := f.client.DescribeGroups(ctx, &kafkago.DescribeGroupsRequest{GroupIDs: []string{f.group}})
	if err != nil {
		return nil
	}
	var ids []string
	for _, group := range answer.Groups {
		for _, member := range group.Members {
			if diedHere(member.ClientID) {
				ids = append(ids, member.MemberID)
			}
		}
	}
	return ids
}

// diedHere says whether a client id is that of a process of this machine that is
// gone. An earlier one with our number is: a restarted container's first process.
func diedHere(clientID string) bool {
	us, them := strings.Split(memberClientID(), "/"), strings.Split(clientID, "/")
	if len(them) != len(us) || them[0] != us[0] || them[1] != us[1] || clientID == memberClientID() {
		return false
	}
	pid, err := strconv.Atoi(them[2])
	if err != nil || pid < 1 {
		return false
	}
	if pid == os.Getpid() {
		return true
	}
	process, err := os.FindProcess(pid)
	return err == nil && errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// signOut begins to sign these members out, until that is done or joined is
// called. The new member has to be there first: a group that is empty in between
// waits for others (group.initial.rebalance.delay.ms).
func (f *former) signOut(ctx context.Context, ids []string) {
	f.joined()
	if len(ids) == 0 {
		return
	}
	ctx, f.stop = context.WithCancel(ctx)
	f.ended.Go(func() { f.run(ctx, ids) })
}

func (f *former) run(ctx context.Context, ids []string) {
	reachable := false
	for ctx.Err() == nil {
		pause := formerPause
		switch {
		case reachable:
			ids = f.leave(ctx, ids)
			if len(ids) == 0 {
				return
			}
		case f.reachable(ctx):
			reachable, pause = true, 2*joinBackoff
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (f *former) reachable(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, formerTimeout)
	defer cancel()
	answer, err := f.client.FindCoordinator(ctx, &kafkago.FindCoordinatorRequest{Key: f.group, KeyType: kafkago.CoordinatorKeyTypeConsumer})
	return err == nil && answer.Error == nil
}

// leave returns the ids that the coordinator has not taken yet.
func (f *former) leave(ctx context.Context, ids []string) (left []string) {
	ctx, cancel := context.WithTimeout(ctx, formerTimeout)
	defer cancel()
	for _, id := range ids { // one a request: old brokers take no list
		answer, err := f.client.LeaveGroup(ctx, &kafkago.LeaveGroupRequest{GroupID: f.group, Members: []kafkago.LeaveGroupRequestMember{{ID: id}}})
		if err != nil || answer.Error != nil && !errors.Is(answer.Error, kafkago.UnknownMemberId) {
			left = append(left, id)
		}
	}
	return left
}

// close returns when nothing of it runs any more.
func (f *former) close() {
	f.joined()
	f.ended.Wait()
}

// joined ends the signing out: the group has found together.
func (f *former) joined() {
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
}
