package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
)

func (p *program) doctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check everything Earshot depends on and say what to do",
		Long: `Checks configuration, data directory, engine, Kafka, ClickHouse, the reader's
rights, clocks, the workers on this machine, where alerts go and lag; each finding
says what to do. It changes nothing.

Ends with exit code 3 when a server is not reachable, 4 when one is but something
on it is wrong, 0 when there are at most warnings.`,
		Example: `  earshot doctor
  earshot doctor --data ./earshot-data
  earshot doctor --json | jq '.[] | select(.status == "fail")'`,
		Args: cobra.NoArgs,
	}
	format := addFormat(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		loaded, err := config.Load(cmd.Flags())
		if err != nil {
			return &exitError{code: exitUsage, err: err}
		}
		findings := p.examine(cmd.Context(), loaded)
		if as == formatTable {
			err = printDiagnoses(cmd.OutOrStdout(), findings)
		} else {
			err = printListing(cmd.OutOrStdout(), as, diagnosisColumns(), findings)
		}
		if err != nil {
			return err
		}
		return verdict(findings)
	}
	return cmd
}

// The outcomes of one check.
const (
	statusOK   = "ok"
	statusWarn = "warn" // works, but somebody should look
	statusFail = "fail"
	statusSkip = "skip" // cannot be told without what failed before
)

// diagnosis is the outcome of one check.
type diagnosis struct {
	Check  string `json:"check"`
	Status string `json:"status"`
	Detail string `json:"detail"`
	Todo   string `json:"todo,omitempty"`

	unreachable bool
}

func found(check, format string, args ...any) diagnosis {
	return diagnosis{Check: check, Status: statusOK, Detail: fmt.Sprintf(format, args...)}
}

// warn and fail turn a diagnosis into one that asks for something.
func (f diagnosis) warn(todo string) diagnosis {
	f.Status, f.Todo = statusWarn, todo
	return f
}

func (f diagnosis) fail(todo string) diagnosis {
	f.Status, f.Todo = statusFail, todo
	return f
}

func (f diagnosis) skip() diagnosis {
	f.Status = statusSkip
	return f
}

// examine runs the checks in the order in which one depends on another.
func (p *program) examine(ctx context.Context, loaded *config.Loaded) []diagnosis {
	cfg := loaded.Config
	findings := []diagnosis{configFinding(loaded), dataFinding(cfg.Data), upFinding(cfg.Data), engineFinding(ctx, loaded)}
	kafkaFound, bounds := kafkaFindings(ctx, cfg)
	houseFound, positions := clickhouseFindings(ctx, cfg)
	findings = append(findings, kafkaFound...)
	findings = append(findings, houseFound...)
	findings = append(findings, workerFindings(ctx, cfg, p.clock())...)
	findings = append(findings, alertFindings(ctx, cfg.Alerts)...)
	return append(findings, lagFinding(ctx, cfg, bounds, positions))
}

// verdict turns the findings into the exit code.
func verdict(findings []diagnosis) error {
	failed := func(f diagnosis) bool { return f.Status == statusFail }
	switch {
	case slices.ContainsFunc(findings, func(f diagnosis) bool { return failed(f) && f.unreachable }):
		return &exitError{code: exitUnreachable, err: errors.New("not everything is reachable: see above")}
	case slices.ContainsFunc(findings, failed):
		return checkFailedf("not everything is in order: see above")
	}
	return nil
}

func diagnosisColumns() []column[diagnosis] {
	return []column[diagnosis]{
		{name: "check", value: func(f diagnosis) string { return f.Check }},
		{name: "status", value: func(f diagnosis) string { return f.Status }},
		{name: "detail", value: func(f diagnosis) string { return f.Detail }},
		{name: "todo", value: func(f diagnosis) string { return f.Todo }},
	}
}

// printDiagnoses writes one line a finding and what to do below it.
func printDiagnoses(w io.Writer, findings []diagnosis) error {
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "%-4s  %-14s  %s\n", f.Status, f.Check, printable(f.Detail)); err != nil {
			return err
		}
		if f.Todo == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%22s-> %s\n", "", printable(f.Todo)); err != nil {
			return err
		}
	}
	return nil
}
