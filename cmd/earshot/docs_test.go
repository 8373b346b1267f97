package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"earshot/cmd/earshot/config"
)

// `make docs` sets it.
var writeDocs = flag.Bool("write-docs", false, "write the generated parts of docs/ anew")

// docs/cli.md is what the program says about itself.
func TestDocsCLI(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Commands\n\n<!-- Written by `make docs` from the program's own help. -->\n\n" +
		"Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not reachable, 4 a data check failed.\n")
	root := (&program{}).rootCommand()
	writeFlags(&b, "Flags of every command", root.PersistentFlags())
	for _, group := range root.Groups() {
		fmt.Fprintf(&b, "\n## %s\n", strings.TrimSuffix(group.Title, ":"))
		for _, name := range groupMembers(group.ID) {
			for _, cmd := range root.Commands() {
				if cmd.Name() == name && !cmd.Hidden {
					writeCommand(&b, cmd)
				}
			}
		}
	}
	compareDocs(t, "../../docs/cli.md", b.String())
}

func groupMembers(id string) []string {
	for _, g := range commandGroups() {
		if g.id == id {
			return strings.Fields(g.commands)
		}
	}
	return nil
}

func writeCommand(b *strings.Builder, cmd *cobra.Command) {
	fmt.Fprintf(b, "\n### %s\n\n%s.\n", cmd.CommandPath(), cmd.Short)
	if cmd.Long != "" {
		fmt.Fprintf(b, "\n%s\n", cmd.Long)
	}
	if !cmd.HasAvailableSubCommands() {
		fmt.Fprintf(b, "\nUsage: `%s`\n", cmd.UseLine())
	}
	if cmd.Example != "" {
		fmt.Fprintf(b, "\n```\n%s\n```\n", strings.TrimRight(cmd.Example, "\n"))
	}
	writeFlags(b, "", cmd.LocalNonPersistentFlags())
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			writeCommand(b, sub)
		}
	}
}

func writeFlags(b *strings.Builder, title string, flags *pflag.FlagSet) {
	var rows []string
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		name := strings.TrimSpace("--" + f.Name + " " + value)
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "[]" {
			usage += " (default " + f.DefValue + ")"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s |", name, strings.ReplaceAll(usage, "|", "\\|")))
	})
	if len(rows) == 0 {
		return
	}
	if title != "" {
		fmt.Fprintf(b, "\n%s:\n", title)
	}
	fmt.Fprintf(b, "\n| flag | |\n| --- | --- |\n%s\n", strings.Join(rows, "\n"))
}

// The table of settings in docs/operations.md is what the configuration has.
func TestDocsSettings(t *testing.T) {
	const begin, end = "<!-- settings: written by `make docs` -->\n", "<!-- settings end -->"
	page := readDocs(t, "../../docs/operations.md")
	before, rest, ok := strings.Cut(page, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("docs/operations.md has lost the marks of its table of settings")
	}
	var b strings.Builder
	b.WriteString("| key | default | variable | meaning |\n| --- | --- | --- | --- |\n")
	defaults := config.Default()
	defaults.Data = "~/.local/share/earshot"
	for _, k := range config.Keys() {
		variable := "`" + k.Env + "`"
		if k.Short != "" {
			variable += ", `" + k.Short + "`"
		}
		if k.Secret {
			variable += ", `" + k.Env + "_FILE`"
		}
		value := k.Show(defaults)
		if value != "" {
			value = "`" + value + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k.Path, value, variable, k.Help)
	}
	compareDocs(t, "../../docs/operations.md", before+begin+b.String()+end+after)
}

func compareDocs(t *testing.T, path, want string) {
	t.Helper()
	if *writeDocs {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(readDocs(t, path), want); diff != "" {
		t.Errorf("%s is not what the program says; `make docs` writes it anew (-file +program):\n%s", path, diff)
	}
}

func readDocs(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
