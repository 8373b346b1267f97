package main

import (
	"github.com/spf13/cobra"

	"earshot/internal/embedded"
)

// engineCommandName is the command by which `up` starts itself again as the
// engine's process.
const engineCommandName = "embedded-engine"

func (p *program) engineCommand() *cobra.Command {
	return &cobra.Command{
		Use:                engineCommandName + " LIBRARY [ARGUMENT…]",
		Short:              "Run ClickHouse's library in this process (started by `earshot up`)",
		Hidden:             true,
		DisableFlagParsing: true, // the arguments are ClickHouse's
		Args:               cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return embedded.RunLibrary(args[0], args[1:])
		},
	}
}
