package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

// program is the whole command line as a value, so that tests run it in
// process with streams of their own.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time // nil: the clock
}

func (p *program) clock() time.Time {
	if p.now != nil {
		return p.now()
	}
	return time.Now()
}

// run executes one command line and returns its exit code.
func (p *program) run(ctx context.Context, args []string) int {
	root := p.rootCommand()
	root.SetArgs(args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	began := watchStart(root)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errInterrupted
	}
	var coded *exitError
	if !errors.As(err, &coded) {
		coded = classify(cmd, err, *began)
	}
	if coded.err != nil {
		fmt.Fprintln(p.stderr, "earshot:", coded.err)
	}
	return coded.code
}

// errInterrupted is what is left of a command that Ctrl-C or SIGTERM ended half way.
var errInterrupted = errors.New("interrupted")

// classify gives an error without an exit code the one of its kind. What goes
// wrong before a command begins is how it was called.
func classify(cmd *cobra.Command, err error, began bool) *exitError {
	if !began {
		return &exitError{code: exitUsage, err: fmt.Errorf("%w (see `%s --help`)", err, cmd.CommandPath())}
	}
	var (
		noKafka      *kafka.UnreachableError
		noClickHouse *clickhouse.UnreachableError
		refused      *kafka.AccessError
		denied       *clickhouse.AccessError
		missing      *config.MissingError
	)
	switch {
	case errors.As(err, &missing), errors.As(err, &refused), errors.As(err, &denied):
		return &exitError{code: exitUnreachable, err: err}
	case errors.As(err, &noKafka), errors.As(err, &noClickHouse):
		return &exitError{code: exitUnreachable, err: fmt.Errorf("%w (is it running there? `earshot doctor` checks)", err)}
	}
	return &exitError{code: exitFailed, err: err}
}

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "earshot",
		Short: "Customer feedback in at Kafka, answers out of ClickHouse",
		Long: `Earshot reads customer feedback off Kafka, scores its sentiment, tags its topics
and keeps it in ClickHouse, where trends, KPIs and follow-up lists come from.`,
		Example: `  earshot up --demo                                  everything on this machine, with a simulated chain
  earshot feed reviews.csv --map text=review,rating=stars,occurred_at=date
  earshot report --since 30d
  earshot followups export --format csv > today.csv`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	config.AddFlags(root.PersistentFlags())
	root.AddCommand(
		p.alertsCommand(),
		p.analyzeCommand(),
		p.auditCommand(),
		p.positionCommand(),
		p.benchCommand(),
		p.completionCommand(),
		p.configCommand(),
		p.engineCommand(),
		p.doctorCommand(),
		p.deadlettersCommand(),
		p.evalCommand(),
		p.explainCommand(),
		p.feedCommand(),
		p.followupsCommand(),
		p.insightsCommand(),
		p.migrateCommand(),
		p.modelCommand(),
		p.lexiconCommand(),
		p.reportCommand(),
		p.serveCommand(),
		p.simulateCommand(),
		p.topicsCommand(),
		p.upCommand(),
		p.versionCommand(),
		p.workerCommand(),
	)
	arrange(root)
	return root
}

// config loads and validates the configuration for cmd.
func (p *program) config(cmd *cobra.Command) (config.Config, error) {
	loaded, err := config.Load(cmd.Flags())
	if err != nil {
		return config.Config{}, &exitError{code: exitUsage, err: err}
	}
	return loaded.Config, nil
}
