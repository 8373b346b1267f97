package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"earshot/cmd/earshot/config"
)

// call runs one command line away from any configuration file.
func call(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	for _, variable := range config.Variables() {
		if !strings.HasPrefix(variable, "EARSHOT_LOG_") && !strings.HasPrefix(variable, "EARSHOT_SERVE_") { // what tests set
			t.Setenv(variable, "")
		}
	}
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("XDG_DATA_HOME", dir)
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
	code = p.run(t.Context(), args)
	return code, out.String(), errs.String()
}

func TestUsageMistakes(t *testing.T) {
	cases := []struct {
		args []string
		want string
	}{
		{[]string{"fed"}, "did you mean `earshot feed`?"},
		{[]string{"qqqqq"}, "see `earshot --help`"},
		{[]string{"config", "shwo"}, "did you mean `earshot config show`?"},
		{[]string{"version", "--nope"}, "unknown flag: --nope (see `earshot version --help`)"},
		{[]string{"version", "extra"}, "see `earshot version --help`"},
		{[]string{"completion"}, "see `earshot completion --help`"},
		{[]string{"completion", "tcsh"}, `"tcsh"`},
		{[]string{"config", "check", "--config", "none.yaml"}, "none.yaml"},
		{[]string{"doctor", "--format", "xml"}, "choose table, json or csv"},
		{[]string{"migrate", "--clickhouse", "http://localhost:8123"}, "not HTTP"},
	}
	for _, tc := range cases {
		t.Run(strings.Join(tc.args, " "), func(t *testing.T) {
			code, stdout, stderr := call(t, tc.args...)
			if code != exitUsage {
				t.Errorf("exit code %d, want %d", code, exitUsage)
			}
			if !strings.Contains(stderr, tc.want) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("stderr %q, want one line with %q", stderr, tc.want)
			}
			if stdout != "" {
				t.Errorf("stdout %q, want nothing", stdout)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	const nobody = "127.0.0.1:1" // tcpmux: nothing listens there
	for _, args := range [][]string{
		{"migrate", "--clickhouse", "clickhouse://u:secret@" + nobody + "/earshot"},
		{"migrate"}, // no address at all
		{"doctor", "--clickhouse", "clickhouse://u:secret@" + nobody + "/earshot", "--kafka", nobody},
	} {
		t.Run(args[0], func(t *testing.T) {
			code, stdout, stderr := call(t, args...)
			if code != exitUnreachable {
				t.Errorf("exit code %d, want %d: %s", code, exitUnreachable, stderr)
			}
			if strings.Contains(stdout+stderr, "secret") {
				t.Errorf("the password is shown: %s%s", stdout, stderr)
			}
			if strings.Count(stderr, "\n") != 1 {
				t.Errorf("stderr %q, want one line", stderr)
			}
		})
	}
}

func TestHelpWithoutArguments(t *testing.T) {
	code, bare, _ := call(t)
	if code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	_, asked, _ := call(t, "--help")
	if bare != asked || !strings.Contains(bare, "Usage:\n  earshot [command]\n") {
		t.Errorf("help without arguments: %s", bare)
	}
	if strings.Contains(bare, "Additional Commands") {
		t.Errorf("a command is in no group:\n%s", bare)
	}
}

// Every command can be found, understood and tried.
func TestEveryCommandExplainsItself(t *testing.T) {
	root := (&program{}).rootCommand()
	visit(root, func(cmd *cobra.Command) {
		if cmd.Hidden || cmd.HasParent() && cmd.Parent().Hidden {
			return
		}
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: Short is %q", cmd.CommandPath(), cmd.Short)
		}
		if cmd.Example == "" && !cmd.HasSubCommands() {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if value, _ := pflag.UnquoteUsage(f); strings.Contains(value, " ") {
				t.Errorf("%s --%s: the help takes %q for the name of its value", cmd.CommandPath(), f.Name, value)
			}
		})
		if cmd.Example != "" && !strings.Contains(cmd.Example, "earshot") {
			t.Errorf("%s: the example does not call earshot", cmd.CommandPath())
		}
	})
}

func TestCompletion(t *testing.T) {
	for shell, want := range map[string]string{
		"bash": "__start_earshot", "zsh": "#compdef earshot", "fish": "complete -c earshot", "powershell": "Register-ArgumentCompleter",
	} {
		code, stdout, stderr := call(t, "completion", shell)
		if code != exitDone || !strings.Contains(stdout, want) {
			t.Errorf("%s: code %d, %q not in its script; %s", shell, code, want, stderr)
		}
	}
}

// Ctrl-C is told in a word, not in that of the library.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	file := filepath.Join(t.TempDir(), "some.jsonl")
	const rows = `{"text":"good food","label":"positive"}
{"text":"bad food","label":"negative"}
{"text":"some food","label":"neutral"}
`
	var all strings.Builder
	for i := range 100 {
		all.WriteString(strings.ReplaceAll(rows, "food", fmt.Sprintf("food number %d", i)))
	}
	if err := os.WriteFile(file, []byte(all.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
	out := filepath.Join(t.TempDir(), "out.model")
	code := p.run(ctx, []string{"model", "train", file, "--out", out, "--data", t.TempDir()})
	if _, err := os.Stat(out); code != exitFailed || !strings.HasSuffix(stderr.String(), "earshot: interrupted\n") || err == nil {
		t.Errorf("exit code %d, %q, %v", code, stderr.String(), err)
	}
}
