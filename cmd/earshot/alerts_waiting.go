package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
	"earshot/sinks/notify"
)

// outboxSpan is how long a watcher tries to tell of a change.
const outboxSpan = day

// toldAtOnce says whether quiet hours hold nothing of an alert back from a target.
// Programs do not sleep: Kafka gets everything at once.
func toldAtOnce(cfg config.Alerts, target string, kind insight.AlertKind) bool {
	return target == (notify.Kafka{}).Name() || kind == insight.KindCrisis && cfg.CrisisAnytime
}

// waiting is who is told of an alert only when the quiet hours end.
type waiting struct {
	Targets []string  `json:"targets"`
	Changes []string  `json:"changes"` // what they are not told of yet
	Until   time.Time `json:"until"`
}

func (w waiting) String() string {
	return fmt.Sprintf("%s until %s (alerts.quiet_hours): %s", strings.Join(w.Targets, ", "), w.Until.UTC().Format(time.RFC3339), strings.Join(w.Changes, ", "))
}

// waitingFor says what quiet hours hold back of an alert at this moment, as configured
// here; nil: nothing.
func waitingFor(cfg config.Alerts, a alertStory, now time.Time) *waiting {
	quiet := cfg.Quiet()
	if !quiet.Covers(now) {
		return nil
	}
	var targets []string
	if cfg.WebhookURL != "" {
		targets = append(targets, (*notify.Webhook)(nil).Name())
	}
	if _, mailed := cfg.SMTP(); mailed {
		targets = append(targets, (*notify.Email)(nil).Name())
	}
	w := &waiting{Until: quiet.End(now)}
	for _, target := range targets {
		if toldAtOnce(cfg, target, a.Kind) {
			continue
		}
		for _, c := range a.Changes {
			told := slices.ContainsFunc(a.Deliveries, func(d clickhouse.AlertDelivery) bool {
				return d.ChangeKey == c.Key && d.Target == target && d.Outcome != outcomeWaiting
			})
			if told || c.Change == insight.ChangeUpdated || now.Sub(c.At) > outboxSpan {
				continue
			}
			w.add(target, c.Change)
		}
	}
	if len(w.Targets) == 0 {
		return nil
	}
	return w
}

func (w *waiting) add(target, change string) {
	if !slices.Contains(w.Targets, target) {
		w.Targets = append(w.Targets, target)
	}
	if !slices.Contains(w.Changes, change) {
		w.Changes = append(w.Changes, change)
	}
}
