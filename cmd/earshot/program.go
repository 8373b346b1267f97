package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
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
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var coded *exitError
	if !errors.As(err, &coded) {
		coded = &exitError{code: exitFailed, err: err}
	}
	if coded.err != nil {
		fmt.Fprintln(p.stderr, "earshot:", coded.err)
	}
	return coded.code
}

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "earshot",
		Short:         "Customer feedback in at Kafka, answers out of ClickHouse",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%w (see `%s --help`)", err, cmd.CommandPath())
	})
	flags := root.PersistentFlags()
	flags.String("config", "", "configuration file (default: earshot.yaml in this folder, if there)")
	flags.String("data", "", "directory of an `earshot up`: its endpoints.json gives the addresses")
	flags.StringSlice("kafka", nil, "Kafka brokers, HOST:PORT,…")
	flags.String("clickhouse", "", "ClickHouse, clickhouse://user@host:9000/earshot")
	root.AddCommand(
		p.versionCommand(),
	)
	return root
}

// config loads and validates the configuration for cmd.
func (p *program) config(cmd *cobra.Command) (config.Config, error) {
	cfg, err := config.Load(cmd.Flags())
	if err != nil {
		return config.Config{}, &exitError{code: exitUsage, err: err}
	}
	return cfg.Config, nil
}
