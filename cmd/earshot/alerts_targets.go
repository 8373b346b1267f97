package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
	"earshot/pipeline/insight"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
	"earshot/sinks/notify"
)

// alertsTopic is where alerts are told to programs.
const alertsTopic = "feedback.alerts"

func openAlertLog(cfg config.Config) (*clickhouse.AlertLog, error) {
	if err := cfg.RequireClickHouse(); err != nil {
		return nil, err
	}
	return clickhouse.OpenAlertLog(cfg.ClickHouse.Server(), cfg.Serve.QueryTimeout)
}

// alertTargets are all that are told of alerts; the Closer ends the connections.
func alertTargets(cfg config.Config, now func() time.Time) ([]notify.Target, io.Closer) {
	var targets []notify.Target
	var closer io.Closer = closerFunc(func() error { return nil })
	if len(cfg.Kafka.Brokers) > 0 {
		producer := kafka.NewProducer(kafka.Options{Cluster: cfg.Kafka.Cluster(), Topic: alertsTopic})
		targets, closer = append(targets, notify.Kafka{Producer: producer}), producer
	}
	if cfg.Alerts.WebhookURL != "" {
		targets = append(targets, notify.NewWebhook(cfg.Alerts.WebhookURL, cfg.Alerts.WebhookSecret, now))
	}
	if smtp, ok := cfg.Alerts.SMTP(); ok {
		targets = append(targets, notify.NewEmail(smtp))
	}
	return targets, closer
}

type closerFunc func() error

func (f closerFunc) Close() error { return f() }

func (p *program) alertsTestCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Send a test notification to everybody who is told of alerts",
		Long: `Sends one message, marked as a test, to the Kafka topic feedback.alerts, the webhook
and the receivers of e-mail, as configured, and says for each whether it was accepted.
It is not stored as an alert and ignores quiet hours. Ends with exit code 3 if one
could not be told.`,
		Example: `  earshot alerts test
  earshot alerts test --json`,
		Args: cobra.NoArgs,
	}
	format := addFormat(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		targets, closer := alertTargets(cfg, p.clock)
		defer func() { _ = closer.Close() }() // every message was waited for
		if len(targets) == 0 {
			return usagef("nobody is told of alerts: set kafka.brokers, alerts.webhook_url or alerts.smtp_addr")
		}
		return sendTest(cmd.Context(), cmd.OutOrStdout(), as, targets, testMessage(p.clock().UTC()))
	}
	return cmd
}

// testMessage is no alert, and says so.
func testMessage(now time.Time) notify.Message {
	a := insight.NewAlert(insight.Signal{
		Kind: insight.KindTest, Since: now, Until: now, Words: "Test notification: nothing has happened.",
	}, now)
	return notify.Message{ID: fmt.Sprintf("%s/test", a.ID), Change: insight.ChangeTest, At: now, Alert: a}
}

// told is what became of a test at one target.
type told struct {
	Target string `json:"target"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	TookMS int64  `json:"took_ms"`
}

func sendTest(ctx context.Context, w io.Writer, format string, targets []notify.Target, m notify.Message) error {
	var results []told
	var failed error
	for _, target := range targets {
		began := time.Now()
		patience := notify.DefaultPatience()
		patience.Attempts = 1
		result := told{Target: target.Name(), OK: true, Detail: "accepted"}
		if _, err := notify.Deliver(ctx, target, m, patience); err != nil {
			result.OK, result.Detail = false, err.Error()
			failed = errors.Join(failed, fmt.Errorf("%s: %w", target.Name(), err))
		}
		result.TookMS = time.Since(began).Milliseconds()
		results = append(results, result)
	}
	err := printListing(w, format, []column[told]{
		{name: "target", value: func(t told) string { return t.Target }},
		{name: "ok", value: func(t told) string { return fmt.Sprint(t.OK) }},
		{name: "took", right: true, value: func(t told) string { return fmt.Sprintf("%d ms", t.TookMS) }},
		{name: "detail", flex: true, value: func(t told) string { return t.Detail }},
	}, results)
	if err == nil && failed != nil {
		return unreachablef("not everybody was told: %w", failed)
	}
	return err
}

// tail is how much of the topic is searched for a message that may be there.
const tail = 1000

// inTopic tells whether the topic of alerts holds a change already: a watcher
// that died between sending and noting it has told.
func inTopic(ctx context.Context, source *kafka.Source, changeKey string) (bool, error) {
	tp := pipeline.TopicPartition{Topic: alertsTopic}
	first, end, err := source.Bounds(ctx, tp)
	if err != nil {
		return false, err
	}
	for next := max(first, end-tail); next < end; {
		chunk, err := source.Fetch(ctx, tp, next)
		if err != nil {
			return false, err
		}
		for _, m := range chunk.Messages {
			for _, h := range m.Headers {
				if h.Key == notify.ChangeHeader && string(h.Value) == changeKey {
					return true, nil
				}
			}
			next = m.Offset + m.Span
		}
	}
	return false, nil
}
