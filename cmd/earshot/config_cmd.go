package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
)

func (p *program) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show or check the configuration",
		Long: `A value comes from, last one wins: the default, earshot.yaml (or --config,
EARSHOT_CONFIG), the variable EARSHOT_ and the key in capitals (kafka.brokers:
EARSHOT_KAFKA_BROKERS), the flag. Addresses that nobody set are those of a
running earshot up.`,
		Example: `  earshot config show
  earshot config check --config production.yaml`,
	}
	cmd.AddCommand(p.configShowCommand(), p.configCheckCommand())
	return cmd
}

func (p *program) configShowCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show every setting, its value and where it came from",
		Long: `Shows the configuration in the form of earshot.yaml, with the origin of each
value beside it. Passwords are masked.`,
		Example: `  earshot config show
  EARSHOT_LOG_LEVEL=debug earshot config show --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := config.Load(cmd.Flags())
			if err != nil {
				return &exitError{code: exitUsage, err: err}
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), settings(loaded))
			}
			return printSettings(cmd.OutOrStdout(), settings(loaded))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "JSON instead of YAML")
	return cmd
}

func (p *program) configCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check file, variables and flags without connecting to anything",
		Long: `Prints every mistake, one a line; exit code 2 if there is one. Then it reads what the
analysis needs: taxonomy, lexicons and topics model.`,
		Example: `  earshot config check
  earshot config check --config production.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := config.Load(cmd.Flags())
			var invalid *config.InvalidError
			if errors.As(err, &invalid) {
				for _, line := range invalid.Problems {
					fmt.Fprintln(cmd.ErrOrStderr(), line)
				}
				return &exitError{code: exitUsage}
			}
			if err != nil {
				return err
			}
			if err := readsAnalysis(loaded.Config.Analysis); err != nil {
				return &exitError{code: exitUsage, err: err}
			}
			from := "no file; variables and flags"
			if loaded.File != "" {
				from = loaded.File + ", variables and flags"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "the configuration is valid (%s)\n", from)
			return nil
		},
	}
}

// readsAnalysis says what a worker would stumble over in the files of the analysis.
func readsAnalysis(a config.Analysis) error {
	if _, err := pipeline.NewTextAnalyzer(pipeline.AnalyzerOptions{Pack: a.Pack, PackDir: a.Packs, Lexicon: a.Lexicon}); err != nil {
		return fmt.Errorf("analysis: %w", err)
	}
	if _, err := readTopicsModel(a.TopicsModel); err != nil {
		return fmt.Errorf("analysis.topics_model: %w", err)
	}
	return nil
}

// setting is one key of the configuration as it is shown.
type setting struct {
	Key      string `json:"key"`
	Value    any    `json:"value"` // durations as text, passwords masked
	Origin   string `json:"origin"`
	Variable string `json:"variable"`
}

func settings(loaded *config.Loaded) []setting {
	var list []setting
	for _, k := range config.Keys() {
		value := k.Value(loaded.Config)
		switch v := value.(type) {
		case int, bool:
		case []string:
			value = append([]string{}, v...) // never null
		default:
			value = k.Show(loaded.Config)
		}
		list = append(list, setting{Key: k.Path, Value: value, Origin: loaded.Origin[k.Path], Variable: k.Env})
	}
	return list
}

// printSettings writes the settings as YAML with the origins as comments.
func printSettings(w io.Writer, list []setting) error {
	const originColumn = 56
	section := ""
	for _, s := range list {
		parent, name, nested := strings.Cut(s.Key, ".")
		indent := ""
		if !nested {
			parent, name = "", s.Key
		}
		if parent != section {
			section = parent
			if _, err := fmt.Fprintf(w, "%s:\n", section); err != nil {
				return err
			}
		}
		if nested {
			indent = "  "
		}
		line := indent + name + ": " + yamlValue(s.Value)
		if _, err := fmt.Fprintf(w, "%-*s # %s\n", originColumn, line, s.Origin); err != nil {
			return err
		}
	}
	return nil
}

// yamlValue writes a value so that YAML reads it back as the same text, number
// or list. JSON strings are YAML strings.
func yamlValue(value any) string {
	switch v := value.(type) {
	case []string:
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = yamlValue(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case string:
		if plainYAML(v) {
			return v
		}
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(value)
}

// plainYAML is true for text that needs no quotes: words, paths and durations
// without anything that YAML gives a meaning.
func plainYAML(s string) bool {
	switch s {
	case "true", "false", "null", "yes", "no", "on", "off":
		return false
	}
	return plainText.MatchString(s)
}

var plainText = regexp.MustCompile(`^(?:[a-zA-Z/][a-zA-Z0-9/._-]*|(?:[0-9.]+(?:ms|[smhdw]))+)$`)
