package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"earshot/sinks/clickhouse"
)

func (p *program) migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Create or update the ClickHouse schema",
		Long: `Creates the database and applies the schema files that are not applied yet.
Running it again changes nothing. A worker does the same when it starts.`,
		Example: `  earshot migrate --clickhouse clickhouse://default@localhost:9000/earshot`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.config(cmd)
			if err != nil {
				return err
			}
			if err := cfg.RequireClickHouse(); err != nil {
				return err
			}
			log := newLogger(cfg.Log, p.stderr)
			if err := clickhouse.Migrate(cmd.Context(), cfg.ClickHouse.Server(), log); err != nil {
				return clickhouseError(err)
			}
			fmt.Fprintln(cmd.OutOrStdout(), "the schema is up to date")
			return nil
		},
	}
}

// clickhouseError gives err the exit code of an unreachable server if it is one.
func clickhouseError(err error) error {
	var unreachable *clickhouse.UnreachableError
	if errors.As(err, &unreachable) {
		return unreachablef("%w (is ClickHouse running there? `earshot doctor` checks)", err)
	}
	return err
}
