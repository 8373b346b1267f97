package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"earshot/sentiment/topic"
	"earshot/sinks/export"
)

func (p *program) topicsExportCommand() *cobra.Command {
	var f packFlags
	var format, out string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the taxonomy in force as one file, with all that it extends",
		Long: `Writes the taxonomy as one pack that needs no other (yaml, json), or its topics as a
keyword list (csv: topic, phrase, exclude, sentiment) with classes written out. A
keyword list has no place for contexts, intents, tags and examples.`,
		Example: `  earshot topics export --out taxonomy.yaml
  earshot topics export --pack airline --format csv > keywords.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			tagger, err := p.tagger(cmd, f)
			if err != nil {
				return err
			}
			write, err := taxonomyWriter(tagger, format)
			if err != nil {
				return err
			}
			if out == "" {
				return write(cmd.OutOrStdout())
			}
			return export.File(out, write)
		},
	}
	f.add(cmd.Flags())
	cmd.Flags().StringVar(&format, "format", "yaml", "yaml, json or csv")
	cmd.Flags().StringVar(&out, "out", "", "`FILE` to write (default: standard output)")
	return cmd
}

func taxonomyWriter(t *topic.Tagger, format string) (func(io.Writer) error, error) {
	text := func(make func() ([]byte, error)) func(io.Writer) error {
		return func(w io.Writer) error {
			data, err := make()
			if err != nil {
				return err
			}
			_, err = w.Write(data)
			return err
		}
	}
	switch format {
	case "yaml":
		return text(t.Definition().YAML), nil
	case "json":
		return text(t.Definition().JSON), nil
	case "csv":
		return func(w io.Writer) error {
			out := export.NewCSV(w, export.CSVOptions{})
			for _, row := range t.Keywords() {
				if err := out.Write(row); err != nil {
					return fmt.Errorf("write keywords: %w", err)
				}
			}
			return out.Flush()
		}, nil
	}
	return nil, usagef("--format %q: choose yaml, json or csv", format)
}
