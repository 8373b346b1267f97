package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/dashboards/server"
	"earshot/internal/telemetry"
	"earshot/pipeline/followup"
	"earshot/sinks/clickhouse"
)

func (p *program) serveCommand() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the page and the API",
		Long: `Serves the dashboard page, the JSON API under /api/v1, and /metrics,
/healthz and /readyz. It reads ClickHouse as clickhouse.reader_url says. The one
thing that it writes, as clickhouse.url says, are the answers of the review of topics:
from this machine alone, unless serve.reviews says otherwise. It has no login of its
own: on an address other than this machine's, put it behind a proxy that asks for one.`,
		Example: `  earshot serve
  earshot serve --listen 127.0.0.1:9090 --clickhouse clickhouse://reader@db:9000/earshot`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.config(cmd)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("listen") {
				cfg.Serve.Listen = listen
			}
			return p.serve(cmd.Context(), cfg)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", config.Default().Serve.Listen, "address of page and API; port 0 picks a free one")
	return cmd
}

func (p *program) serve(ctx context.Context, cfg config.Config) error {
	if _, err := cfg.Reader(); err != nil {
		return err
	}
	log := newLogger(cfg.Log, p.stderr)
	listener, err := listenWeb(ctx, cfg.Serve.Listen)
	if err != nil {
		return err
	}
	defer listener.Close() // serveWeb closes it; this is for the errors before
	tel := telemetry.New()
	flush, err := startTelemetry(ctx, cfg, tel, log)
	if err != nil {
		return err
	}
	defer flush()
	handler, closer, err := newWebHandler(cfg, tel, log)
	if err != nil {
		return clickhouseError(err)
	}
	defer closer.Close()
	tel.SetReady("clickhouse", true, "connected")
	fmt.Fprintf(p.stdout, "Page and API on http://%s (Ctrl-C stops)\n", listener.Addr())
	if addr, ok := listener.Addr().(*net.TCPAddr); ok && !addr.IP.IsLoopback() {
		log.Warn("whoever reaches this address can read all feedback: put a proxy with a login before it", "listen", listener.Addr().String())
	}
	return serveWeb(ctx, listener, handler, log)
}

// newWebHandler connects to ClickHouse as the reader and returns everything
// that is served over HTTP. The Closer ends the
// mining behind the page and the connection.
func newWebHandler(cfg config.Config, tel *telemetry.Telemetry, log *slog.Logger) (http.Handler, io.Closer, error) {
	store, err := cfg.Reader()
	if err != nil {
		return nil, nil, err
	}
	casesCSV, err := caseWriter(formatCSV, true)
	if err != nil {
		return nil, nil, err
	}
	reader, err := clickhouse.OpenReader(store, cfg.Serve.QueryTimeout)
	if err != nil {
		return nil, nil, err
	}
	policy := followup.Policy{SLA: cfg.FollowUp.SLA, Window: cfg.FollowUp.Window}
	var names map[string]string
	if tagger, err := configuredTaxonomy(cfg); err != nil { // sentences then name topics as they are stored
		log.Warn("taxonomy", "error", err)
	} else {
		names, policy.Praise = tagger.ComplaintNames(), tagger.PraiseTags()
	}
	answers, err := answerLog(cfg)
	if err != nil {
		return nil, nil, errors.Join(err, reader.Close())
	}
	insights := server.NewInsights(reader, server.InsightOptions{Names: names, Log: log})
	handler := server.New(server.Options{
		Reader:    reader,
		Insights:  insights,
		Names:     names,
		CasesCSV:  casesCSV,
		FollowUp:  policy,
		ReviewLog: answers,
		Reviews:   cfg.Serve.Reviews,
		Telemetry: tel.Handler(),
		Observe:   tel.Request,
		Log:       log,
		Timeout:   cfg.Serve.QueryTimeout,
	})
	return handler, closerFunc(func() error {
		insights.Close()
		if log, ok := answers.(*clickhouse.ReviewLog); ok {
			_ = log.Close() // nothing is buffered
		}
		return reader.Close()
	}), nil
}

// answerLog connects as the user who may write; nil where the configuration names
// none, or answers are not taken.
func answerLog(cfg config.Config) (server.ReviewLog, error) {
	if cfg.ClickHouse.URL == "" || cfg.Serve.Reviews == server.ReviewsOff {
		return nil, nil
	}
	return clickhouse.OpenReviewLog(cfg.ClickHouse.Server(), cfg.Serve.QueryTimeout)
}

// listenWeb opens the address of the page.
func listenWeb(ctx context.Context, address string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use by another program: stop it, or choose another address with --listen (port 0 picks a free one)", address)
	}
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return listener, nil
}

const (
	headerTimeout   = 10 * time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 5 * time.Second // for requests under way when the program is stopped
)

// serveWeb answers requests until ctx ends, then lets those under way finish.
// It closes the listener.
func serveWeb(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	srv := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       headerTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("page: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		_ = srv.Close() // what is left is cut off
	}
	<-failed
	return nil
}
