package main

import (
	"errors"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/simulate"
)

// upOptions are the flags of `up` that are no configuration.
type upOptions struct {
	kafkaListen, clickhouseListen, clickhouseHTTPListen string
	workers                                             int
	demo                                                bool
	demoEvents                                          int
}

func (p *program) upCommand() *cobra.Command {
	var o upOptions
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run everything on this machine: broker, ClickHouse, workers, page",
		Long: `Starts a broker that speaks the Kafka protocol, a real ClickHouse, workers and the
page, and runs until Ctrl-C. The data stays in the data directory; the addresses are
written to its endpoints.json, where the other commands find them.

A Kafka or ClickHouse that is configured (--kafka, --clickhouse, earshot.yaml) is
used in place of the embedded one. The embedded ones know no passwords and are for
one machine; ClickHouse's library is fetched once, by npm, into the cache folder,
unless a ` + "`clickhouse`" + ` is on PATH.`,
		Example: `  earshot up --demo
  earshot up --data ./earshot-data --listen 127.0.0.1:0
  earshot up --workers 0      # and then: earshot worker, as many as you like`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.up(cmd, o) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.demo, "demo", false, "stream the feedback of a simulated restaurant chain through it, once")
	flags.IntVar(&o.demoEvents, "demo-events", simulate.DefaultEvents, "how much of it")
	flags.IntVar(&o.workers, "workers", 1, "workers in this process; 0: start earshot worker yourself")
	flags.StringVar(&o.kafkaListen, "kafka-listen", "127.0.0.1:9092", "broker's `ADDRESS`; port 0 picks a free one, here and below")
	flags.StringVar(&o.clickhouseListen, "clickhouse-listen", "127.0.0.1:9000", "ClickHouse's native `ADDRESS`")
	flags.StringVar(&o.clickhouseHTTPListen, "clickhouse-http-listen", "127.0.0.1:8123", "ClickHouse's HTTP `ADDRESS`")
	flags.String("listen", config.Default().Serve.Listen, "`ADDRESS` of page and API")
	config.BindFlag(flags, "listen", "serve.listen")
	return cmd
}

func (o upOptions) check() error {
	if o.workers < 0 || o.workers > 64 {
		return usagef("--workers %d: expected 0 to 64", o.workers)
	}
	if o.demoEvents < 1 {
		return usagef("--demo-events %d: expected at least 1", o.demoEvents)
	}
	return nil
}

// up runs the whole house until ctx ends.
func (p *program) up(cmd *cobra.Command, o upOptions) error {
	began := p.clock()
	if err := o.check(); err != nil {
		return err
	}
	ctx := cmd.Context()
	cfg, err := p.config(cmd)
	if err != nil {
		return err
	}
	dir, err := openDataDir(ctx, cfg.Data)
	if err != nil {
		return err
	}
	defer dir.release()
	// Again, now that no endpoints of a killed `up` are in the way.
	if cfg, err = p.config(cmd); err != nil {
		return err
	}
	cfg.Data = dir.path

	s := newStack(p, cfg, o)
	defer s.stopAll()
	if err := s.start(ctx); err != nil {
		if ctx.Err() != nil {
			return errors.New("stopped before it was ready")
		}
		return err
	}
	if err := dir.writeEndpoints(s.endpoints); err != nil {
		return err
	}
	s.banner(cmd.OutOrStdout(), p.clock().Sub(began))
	if o.demo {
		s.startDemo()
	}
	defer dir.removeEndpoints()
	return s.wait(ctx)
}
