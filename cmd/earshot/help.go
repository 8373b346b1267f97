package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"earshot/pipeline"
)

// commandGroups is the order and grouping of the root help.
func commandGroups() []commandGroup {
	return []commandGroup{
		{"run", "Run:", "up worker serve"},
		{"feed", "Feed:", "feed simulate"},
		{"ask", "Ask:", "report insights alerts followups customers analyze explain"},
		{"care", "Care for it:", "doctor audit position deadletters migrate config bench eval model lexicon topics completion version help"},
	}
}

type commandGroup struct{ id, title, commands string }

// arrange groups the commands in the help and makes those that only hold
// others refuse what they do not know.
func arrange(root *cobra.Command) {
	groupOf := map[string]string{}
	for _, g := range commandGroups() {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
		for _, name := range strings.Fields(g.commands) {
			groupOf[name] = g.id
		}
	}
	root.SetHelpCommandGroupID("care")
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%w (see `%s --help`)", err, cmd.CommandPath())
	})
	for _, cmd := range root.Commands() {
		cmd.GroupID = groupOf[cmd.Name()]
	}
	// A command that only holds others is run to name a wrong one; its usage
	// line should still say that it needs one.
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(), "{{if .Runnable}}", "{{if and .Runnable (not .HasAvailableSubCommands)}}", 1))
	visit(root, func(cmd *cobra.Command) {
		if cmd.HasSubCommands() && !cmd.Runnable() {
			cmd.Args = cobra.ArbitraryArgs
			cmd.RunE = runGroup
		}
	})
}

// runGroup answers a command that only holds others: help, or which name it
// does not know.
func runGroup(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	hint := fmt.Sprintf("see `%s --help`", cmd.CommandPath())
	var names []string
	for _, sub := range cmd.Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	if near := pipeline.Nearest(args[0], names); near != "" {
		hint = fmt.Sprintf("did you mean `%s %s`?", cmd.CommandPath(), near)
	}
	return usagef("unknown command %q: %s", args[0], hint)
}

// watchStart returns a flag that is set once a command's own code begins:
// arguments and flags were in order by then.
func watchStart(root *cobra.Command) *bool {
	began := new(bool)
	visit(root, func(cmd *cobra.Command) {
		if run := cmd.RunE; run != nil {
			cmd.RunE = func(cmd *cobra.Command, args []string) error {
				*began = true
				return run(cmd, args)
			}
		}
	})
	return began
}

func visit(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, sub := range cmd.Commands() {
		visit(sub, do)
	}
}
