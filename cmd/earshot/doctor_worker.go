package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/internal/telemetry"
	"earshot/pipeline"
)

// behindLimit is the lag in time that is worth a word; the alert EarshotLag has
// the same.
const behindLimit = 5 * time.Minute

// workerFindings asks the workers that may run on this machine, in `up` or of
// their own, how they are.
func workerFindings(ctx context.Context, cfg config.Config, now time.Time) []diagnosis {
	const check = "worker"
	var findings []diagnosis
	addresses := workerAddresses(cfg)
	for _, address := range addresses {
		asked, cancel := context.WithTimeout(ctx, doctorPatience)
		s, err := telemetry.Read(asked, address)
		cancel()
		switch {
		case errors.Is(err, telemetry.ErrStranger):
			findings = append(findings, found(check, "%s: %v", address, err).warn("correct worker.listen, or stop the other program"))
		case err == nil && len(s.Partitions)+len(s.Waiting) > 0: // else it is a page alone
			findings = append(findings, workerFinding(address, s, now))
		}
	}
	if len(findings) == 0 {
		return []diagnosis{found(check, "none answers on %s", strings.Join(addresses, ", ")).skip()}
	}
	return findings
}

// workerAddresses are where the metrics of a worker may be.
func workerAddresses(cfg config.Config) []string {
	var found []string
	if e, err := config.ReadEndpoints(cfg.Data); err == nil && e.Web != "" {
		found = append(found, e.Web)
	}
	host, port, err := net.SplitHostPort(cfg.Worker.Listen)
	if err != nil || port == "0" {
		return found
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	if address := net.JoinHostPort(host, port); !slices.Contains(found, address) {
		found = append(found, address)
	}
	return found
}

// workerFinding sums up a worker and says what is in its way.
func workerFinding(address string, s telemetry.Snapshot, now time.Time) diagnosis {
	var lag int64
	var behind time.Duration
	paused := 0
	for _, p := range s.Partitions {
		lag += p.LagEvents
		behind = max(behind, p.Behind)
		if p.Paused {
			paused++
		}
	}
	parts := []string{fmt.Sprintf("%s on %s carries %d partitions", s.Version, address, len(s.Partitions))}
	if paused > 0 {
		parts = append(parts, fmt.Sprintf("%d paused", paused))
	}
	parts = append(parts, fmt.Sprintf("%d events and %v behind", lag, behind.Round(time.Second)))
	for _, age := range []struct {
		what string
		at   time.Time
	}{{"last write", s.LastWrite}, {"newest event", s.NewestEvent}} {
		if !age.at.IsZero() {
			parts = append(parts, fmt.Sprintf("%s %v ago", age.what, max(0, now.Sub(age.at)).Round(time.Second)))
		}
	}
	if retries := retriesText(s.Retries); retries != "" {
		parts = append(parts, "tried again since its start: "+retries)
	}
	f := found("worker", "%s", strings.Join(parts, ", "))
	switch {
	case len(s.Waiting) > 0:
		f.Detail += fmt.Sprintf("; waits: %s: %s", s.Waiting[0].Name, s.Waiting[0].Reason)
		return f.warn(waitingAdvice(s.Waiting[0].Reason))
	case behind > behindLimit:
		return f.warn("start more workers, or see what is slow: earshot_stage_seconds in its metrics (docs/operations.md, EarshotLag)")
	}
	return f
}

func retriesText(retries map[string]float64) string {
	var parts []string
	for _, stage := range slices.Sorted(maps.Keys(retries)) {
		parts = append(parts, fmt.Sprintf("%s %.0f times", stage, retries[stage]))
	}
	return strings.Join(parts, ", ")
}

// waitingAdvice goes by the stage that a worker's reason begins with.
func waitingAdvice(reason string) string {
	stage, _, _ := strings.Cut(reason, ":")
	switch pipeline.Stage(stage) {
	case pipeline.StageFetch:
		return "mend Kafka or the way to it; the worker goes on by itself"
	case pipeline.StageCheck, pipeline.StageWrite, pipeline.StageRecover:
		return "mend ClickHouse or the way to it; the worker goes on by itself"
	case pipeline.StageReject:
		return "mend the topic kafka.deadletters_topic; the worker goes on by itself"
	case pipeline.StageClaim:
		return "another partition holds the same event ids: mend what that one waits for"
	}
	return "look again in a moment; if it stays, look at the worker's log"
}
