package main

import (
	"context"
	"errors"
	"time"

	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
	"earshot/sinks/notify"
)

// courier tells one target of what has changed, in order. What it has told is
// noted in the store, so that a restart goes on where the last one stopped.
type courier struct {
	watcher *alertWatcher
	target  notify.Target
	source  *kafka.Source // to look whether Kafka has a change already; nil: no Kafka
	quiet   notify.QuietHours

	patience notify.Patience // with the target, before a rest
	rest     time.Duration

	noted   map[string]bool // told, but the store did not take the note
	waiting map[string]bool // tried in vain, and noted so
}

const (
	courierPause = time.Second      // how often the outbox is looked at
	courierRest  = 30 * time.Second // of a target that cannot be told
	// giveUpAfter leaves time to note it before the outbox forgets the change.
	giveUpAfter = outboxSpan - time.Hour
)

// What became of telling a target.
const (
	outcomeSent    = "sent"
	outcomeFailed  = "failed"  // given up
	outcomeWaiting = "waiting" // tried in vain, and tried on
)

func (c *courier) run(ctx context.Context) error {
	c.noted, c.waiting = map[string]bool{}, map[string]bool{}
	ticker := time.NewTicker(courierPause)
	defer ticker.Stop()
	for {
		if c.watcher.leads.Load() {
			if err := c.empty(ctx); err != nil && ctx.Err() == nil {
				c.watcher.log.Debug("alerts to tell", "target", c.target.Name(), "error", err)
				if len(c.waiting) > 0 {
					ticker.Reset(c.rest)
				}
			} else {
				ticker.Reset(courierPause)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// empty tells what is in the outbox and not held back. After a change that cannot be told
// the next one is tried once: where it passes, the target lives, and others need not wait.
func (c *courier) empty(ctx context.Context) error {
	changes, err := c.watcher.store.Outbox(ctx, c.target.Name())
	if err != nil {
		return err
	}
	var failed error
	patience := c.patience
	for _, change := range changes {
		if !c.watcher.leads.Load() {
			return failed
		}
		if c.held(change) {
			continue
		}
		err := c.tell(ctx, change, patience)
		switch inRow := patience.Attempts < c.patience.Attempts; {
		case err == nil:
			patience = c.patience
		case inRow, ctx.Err() != nil:
			return errors.Join(failed, err)
		default:
			failed, patience.Attempts = err, 1
		}
	}
	return failed
}

// held tells whether quiet hours keep a change back.
func (c *courier) held(change clickhouse.StoredChange) bool {
	return !toldAtOnce(c.watcher.cfg, c.target.Name(), change.Alert.Kind) && c.quiet.Covers(c.watcher.clock())
}

// tell sends one change and notes how that ended.
func (c *courier) tell(ctx context.Context, change clickhouse.StoredChange, patience notify.Patience) error {
	d := clickhouse.AlertDelivery{ChangeKey: change.Key, Target: c.target.Name(), Outcome: outcomeSent}
	before, err := c.toldBefore(ctx, change)
	if err != nil {
		return err
	}
	if !before {
		m := notify.Message{ID: change.Key, Change: change.What, At: change.At, Alert: change.Alert}
		attempts, err := notify.Deliver(ctx, c.target, m, patience)
		if ctx.Err() != nil && err != nil {
			return err // not given up: the next one goes on
		}
		d.Attempts = uint32(attempts)
		if err != nil {
			d.Outcome, d.Detail = outcomeFailed, err.Error()
			if refused := new(notify.PermanentError); !errors.As(err, &refused) && c.watcher.clock().Sub(change.At) < giveUpAfter {
				return errors.Join(err, c.postpone(ctx, d, change))
			}
			c.watcher.log.Error("nobody was told of an alert", "target", d.Target, "alert", change.Alert.ID, "change", change.What, "error", err)
		}
	}
	if c.waiting[change.Key] && d.Outcome == outcomeSent {
		c.watcher.log.Info("an alert that could not be told is told", "target", d.Target, "alert", change.Alert.ID, "change", change.What)
	}
	delete(c.waiting, change.Key)
	c.noted[change.Key] = true
	d.At = c.watcher.clock().UTC()
	// The note must not be lost with the program: it was told.
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := c.watcher.store.Delivered(noting, d); err != nil {
		return err
	}
	delete(c.noted, change.Key)
	return nil
}

// postpone notes, once, that a target could not be told of a change and is tried on.
func (c *courier) postpone(ctx context.Context, d clickhouse.AlertDelivery, change clickhouse.StoredChange) error {
	if c.waiting[change.Key] {
		return nil
	}
	c.watcher.log.Warn("an alert cannot be told, trying on", "target", d.Target, "alert", change.Alert.ID, "change", change.What, "error", d.Detail)
	d.Outcome, d.At = outcomeWaiting, c.watcher.clock().UTC()
	if err := c.watcher.store.Delivered(ctx, d); err != nil {
		return err
	}
	c.waiting[change.Key] = true
	return nil
}

// toldBefore tells whether the target has a change that nobody noted: this
// courier could not, or another one died before it could. Only Kafka can be asked
// for the latter; webhook and e-mail carry an id by which receivers know a
// repetition.
func (c *courier) toldBefore(ctx context.Context, change clickhouse.StoredChange) (bool, error) {
	if c.noted[change.Key] {
		return true, nil
	}
	older := change.At.UnixMilli() < c.watcher.ledFrom.Load()
	if !older || c.source == nil || c.target.Name() != (notify.Kafka{}).Name() {
		return false, nil
	}
	return inTopic(ctx, c.source, change.Key)
}
