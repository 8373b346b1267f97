// The soak program: see the targets soak, soak-control and overload of the
// Makefile.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/rs/zerolog"

	"earshot/internal/soak"
)

func main() {
	zerolog.SetGlobalLevel(zerolog.Disabled) // the proxies' toxics log past their logger
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say what: run, control or overload")
	}
	switch args[0] {
	case "broker":
		return broker(ctx, args[1:])
	case "produce":
		return soak.Produce(ctx, args[1:], os.Stdin, os.Stdout)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	o := soak.Options{Self: self, Out: os.Stdout}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.StringVar(&o.Earshot, "earshot", "bin/earshot", "the program under test")
	flags.StringVar(&o.Broker, "broker", soak.BrokerEmbedded, "embedded or kafka")
	flags.StringVar(&o.Dir, "dir", os.TempDir(), "where logs and data go")
	flags.StringVar(&o.Report, "report", "", "`FILE` for the report as JSON")
	flags.Uint64Var(&o.Seed, "seed", 1, "decides about events, faults and their order")
	flags.IntVar(&o.Faults, "faults", 200, "how many faults")
	flags.IntVar(&o.Events, "events", 5_000_000, "how many messages")
	flags.IntVar(&o.Workers, "workers", 3, "how many worker processes")
	flags.BoolVar(&o.Group, "group", false, "workers share the partitions as a consumer group")
	seconds := flags.Int("seconds", 600, "overload: for how long")
	narrow := flags.Int("narrow", 400, "overload: `KILOBYTES` a second of each of the worker's connections to ClickHouse")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if o.Earshot, err = filepath.Abs(o.Earshot); err != nil { // the processes run in folders of their own
		return err
	}
	switch args[0] {
	case "run":
		return soak.Run(ctx, o)
	case "control":
		return soak.Control(ctx, o)
	case "overload":
		return soak.Overload(ctx, o, *seconds, *narrow)
	}
	return fmt.Errorf("%q: say run, control or overload", args[0])
}

func broker(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("broker", flag.ContinueOnError)
	dir := flags.String("dir", "", "of the log")
	listen := flags.String("listen", "", "host:port")
	advertise := flags.String("advertise", "", "host:port that clients are sent to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return soak.ServeBroker(ctx, *dir, *listen, *advertise)
}
