package main

import (
	"context"
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

	noted map[string]bool // told, but the store did not take the note
}

// courierPause is how often the outbox is looked at.
const courierPause = time.Second

func (c *courier) run(ctx context.Context) error {
	c.noted = map[string]bool{}
	ticker := time.NewTicker(courierPause)
	defer ticker.Stop()
	for {
		if c.watcher.leads.Load() {
			if err := c.empty(ctx); err != nil && ctx.Err() == nil {
				c.watcher.log.Debug("alerts to tell", "target", c.target.Name(), "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// empty tells what is in the outbox and not held back.
func (c *courier) empty(ctx context.Context) error {
	changes, err := c.watcher.store.Outbox(ctx, c.target.Name())
	if err != nil {
		return err
	}
	for _, change := range changes {
		if !c.watcher.leads.Load() {
			return nil
		}
		if c.held(change) {
			continue
		}
		if err := c.tell(ctx, change); err != nil {
			return err
		}
	}
	return nil
}

// held tells whether quiet hours keep a change back.
func (c *courier) held(change clickhouse.StoredChange) bool {
	return !toldAtOnce(c.watcher.cfg, c.target.Name(), change.Alert.Kind) && c.quiet.Covers(c.watcher.clock())
}

// tell sends one change and notes how that ended.
func (c *courier) tell(ctx context.Context, change clickhouse.StoredChange) error {
	d := clickhouse.AlertDelivery{ChangeKey: change.Key, Target: c.target.Name(), Outcome: "sent"}
	before, err := c.toldBefore(ctx, change)
	if err != nil {
		return err
	}
	if !before {
		m := notify.Message{ID: change.Key, Change: change.What, At: change.At, Alert: change.Alert}
		attempts, err := notify.Deliver(ctx, c.target, m, notify.DefaultPatience())
		if ctx.Err() != nil && err != nil {
			return err // not given up: the next one goes on
		}
		d.Attempts = uint32(attempts)
		if err != nil {
			d.Outcome, d.Detail = "failed", err.Error()
			c.watcher.log.Error("nobody was told of an alert", "target", d.Target, "alert", change.Alert.ID, "change", change.What, "error", err)
		}
	}
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
