package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"earshot/sentiment/model"
)

func (p *program) modelCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "model",
		Short: "Train, adapt and choose sentiment models, and measure them",
	}
	cmd.AddCommand(p.modelTrainCommand(), p.modelShowCommand(), p.modelLiveCommand(), p.modelAdaptCommand(),
		p.modelHistoryCommand(), p.modelUseCommand(), p.modelRollbackCommand())
	return cmd
}

// readModel returns the model of that name: base is the shipped one, vader none,
// else it is a file.
func readModel(name string) (*model.Model, error) {
	switch name {
	case "base":
		return model.Base()
	case "vader":
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, usagef("model %s: %s; choose base, vader, auto, a file of `earshot model train` or a version of `earshot model history`", name, reasonOf(err))
	}
	m, err := model.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; make one with `earshot model train`", name, err)
	}
	return m, nil
}

func (p *program) modelShowCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show [FILE|VERSION|auto]",
		Short: "Show what a model, by default the shipped one, was trained on",
		Long: `Shows the card of a model: that of a file, of a version of ` + "`earshot model history`" + `
(or its beginning), of the version in place (auto) or of the shipped model.`,
		Example: `  earshot model show reviews.model
  earshot model show auto`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.config(cmd)
			if err != nil {
				return err
			}
			m, err := loadModel(cmd.Context(), cfg, append(args, "base")[0])
			if err != nil {
				return err
			}
			if m == nil {
				return usagef("vader is no learned model: it has no card")
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), m.Card)
			}
			return printCard(cmd.OutOrStdout(), m.Card)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printCard(w io.Writer, c model.Card) error {
	_, err := fmt.Fprintf(w, "version    %s\nlanguages  %s\nexamples   %d\n", c.Version, strings.Join(c.Languages, ", "), c.Examples)
	if c.Base != "" && err == nil {
		_, err = fmt.Fprintf(w, "goes on from %s\n", c.Base)
	}
	for _, o := range c.TrainedOn {
		if err == nil {
			_, err = fmt.Fprintf(w, "trained on %s: %d rows, licence %s\n", o.Name, o.Rows, o.Licence)
		}
	}
	return err
}
