package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"earshot/cmd/earshot/config"
	"earshot/internal/embedded"
	"earshot/internal/telemetry"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

// stack is everything that `up` runs, started from the bottom (broker, engine)
// to the top (page) and stopped the other way round.
type stack struct {
	p         *program
	cfg       config.Config
	o         upOptions
	log       *slog.Logger
	tel       *telemetry.Telemetry
	endpoints config.Endpoints // of what runs in here
	failed    chan error       // why the house cannot go on
	stops     []stop           // in starting order
}

// stop ends one part, at once if ctx ends.
type stop struct {
	part string
	do   func(ctx context.Context)
}

func newStack(p *program, cfg config.Config, o upOptions) *stack {
	return &stack{
		p: p, cfg: cfg, o: o, log: newLogger(cfg.Log, p.stderr), tel: telemetry.New(),
		failed: make(chan error, 1),
	}
}

// start returns once all parts are ready. On an error some may run: stopAll.
func (s *stack) start(ctx context.Context) error {
	// The page's port first: a busy one should not cost a start of the rest.
	web, err := listenWeb(ctx, s.cfg.Serve.Listen)
	if err != nil {
		return err
	}
	defer func() {
		if web != nil {
			web.Close()
		}
	}()
	flush, err := startTelemetry(ctx, s.cfg, s.tel, s.log)
	if err != nil {
		return err
	}
	s.onStop("telemetry", func(context.Context) { flush() })
	if err := s.startServers(ctx); err != nil {
		return err
	}
	if err := kafka.EnsureTopics(ctx, s.cfg.Kafka.Cluster(), topicSpecs(s.cfg)); err != nil {
		return err
	}
	if err := clickhouse.Migrate(ctx, s.cfg.ClickHouse.Server(), s.log); err != nil {
		return clickhouseError(err)
	}
	handler, closer, err := newWebHandler(s.cfg, s.tel, s.log)
	if err != nil {
		return err
	}
	if s.o.workers > 0 {
		s.startWorkers()
	}
	if s.cfg.Alerts.Watch {
		s.startAlerts()
	}
	s.startWeb(web, handler, closer)
	web = nil // the server's now
	return nil
}

// startServers brings up the broker and the engine side by side, each unless
// one is configured.
func (s *stack) startServers(ctx context.Context) error {
	var broker *embedded.Broker
	var engine *embedded.Engine
	group, ctx := errgroup.WithContext(ctx)
	if len(s.cfg.Kafka.Brokers) == 0 {
		group.Go(func() (err error) {
			broker, err = embedded.StartBroker(embedded.BrokerOptions{
				Dir: filepath.Join(s.cfg.Data, "kafka"), Listen: s.o.kafkaListen, Log: s.log,
			})
			return listenError("--kafka-listen", err)
		})
	}
	if s.cfg.ClickHouse.URL == "" {
		group.Go(func() (err error) {
			engine, err = s.startEngine(ctx)
			return err
		})
	}
	err := group.Wait()
	// Whatever did start must be stopped, also if the other one failed.
	if broker != nil {
		s.onStop("broker", func(context.Context) { broker.Close() })
		s.endpoints.Kafka = broker.Addr()
		s.cfg.Kafka.UseLocal(broker.Addr())
	}
	if engine != nil {
		s.onStop("engine", func(force context.Context) {
			defer context.AfterFunc(force, engine.Kill)()
			engine.Close()
		})
		s.endpoints.ClickHouse, s.endpoints.ClickHouseHTTP = engine.Addr(), engine.HTTPAddr()
		s.cfg.ClickHouse.UseLocal(engine.Addr())
	}
	return err
}

func (s *stack) startEngine(ctx context.Context) (*embedded.Engine, error) {
	cache, err := embedded.CacheDir()
	if err != nil {
		return nil, err
	}
	progress := newFetchProgress(s.p.stderr)
	program, err := embedded.FindProgram(ctx, cache, progress.show, s.log)
	progress.end()
	if err != nil {
		return nil, err
	}
	engine, err := embedded.StartEngine(ctx, embedded.EngineOptions{
		Program: program, Dir: filepath.Join(s.cfg.Data, "clickhouse"),
		TCP: s.o.clickhouseListen, HTTP: s.o.clickhouseHTTPListen,
		Child: []string{engineCommandName}, Log: s.log,
	})
	var busy *embedded.BusyError
	flag := "--clickhouse-listen"
	if errors.As(err, &busy) && busy.Addr == s.o.clickhouseHTTPListen {
		flag = "--clickhouse-http-listen"
	}
	return engine, listenError(flag, err)
}

// startWeb serves the page until it is stopped.
func (s *stack) startWeb(ln net.Listener, handler http.Handler, closer io.Closer) {
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() {
		defer close(served)
		if err := serveWeb(ctx, ln, handler, s.log); err != nil {
			s.failed <- err
		}
	}()
	s.endpoints.Web = ln.Addr().String()
	s.onStop("page", func(context.Context) {
		cancel()
		<-served
		if err := closer.Close(); err != nil {
			s.log.Warn("page", "error", err)
		}
	})
}

// wait returns when ctx ends, or with what makes going on senseless.
func (s *stack) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		fmt.Fprintln(s.p.stderr, "stopping: running work is finished first; Ctrl-C again ends it at once")
		return nil
	case err := <-s.failed:
		return err
	}
}

func (s *stack) onStop(part string, do func(ctx context.Context)) {
	s.stops = append(s.stops, stop{part, do})
}

// stopAll ends what runs, the last started first. The next Ctrl-C hurries it.
func (s *stack) stopAll() {
	force, done := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer done()
	for i := len(s.stops) - 1; i >= 0; i-- {
		began := time.Now()
		s.stops[i].do(force)
		s.log.Debug("stopped", "part", s.stops[i].part, "took", time.Since(began))
	}
	s.stops = nil
}

// listenError says which flag to change when an address is taken; other errors
// pass as they are.
func listenError(flag string, err error) error {
	var busy *embedded.BusyError
	if !errors.As(err, &busy) {
		return err
	}
	return fmt.Errorf("%w: stop that, or give another address with %s (port 0 picks a free one)", busy, flag)
}
