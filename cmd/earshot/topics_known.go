package main

import (
	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// checkTopic refuses a topic that neither the taxonomy in force nor any stored feedback
// has: nothing found about it would look like good news. "" is any topic.
func (p *program) checkTopic(cmd *cobra.Command, reader *clickhouse.Reader, name string) error {
	if name == "" {
		return nil
	}
	tagger, err := p.tagger(cmd, packFlags{})
	if err != nil {
		return err
	}
	if pipeline.CoversAny(name, tagger.Topics()...) {
		return nil
	}
	stored, err := reader.Choices(cmd.Context(), clickhouse.Filter{})
	if err != nil {
		return readError(err)
	}
	if pipeline.CoversAny(name, stored.Topics...) {
		return nil
	}
	return usagef("--topic %q: neither the taxonomy nor stored feedback has that topic; `earshot topics list` lists them", name)
}
