package clickhouse

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"golang.org/x/sync/errgroup"
)

func TestMigrateAgainAndAtOnce(t *testing.T) {
	url, conn := freshDatabase(t)
	var group errgroup.Group
	for range 4 {
		group.Go(func() error {
			return Migrate(context.Background(), At(url), slog.New(slog.DiscardHandler))
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"records", "feedback", "dead_letters"} {
		if n := number(t, conn, "SELECT count() FROM "+table); n != 0 {
			t.Errorf("%s has %d rows", table, n)
		}
	}
}

func TestUnreachable(t *testing.T) {
	const nowhere = "clickhouse://127.0.0.1:1/earshot"
	var unreachable *UnreachableError
	if _, err := Open(At(nowhere)); !errors.As(err, &unreachable) {
		t.Errorf("Open: %v", err)
	}
	if err := Migrate(context.Background(), At(nowhere), slog.New(slog.DiscardHandler)); !errors.As(err, &unreachable) {
		t.Errorf("Migrate: %v", err)
	}
}

func TestOptionsRefuse(t *testing.T) {
	for _, url := range []string{"", "http://127.0.0.1:8123", "127.0.0.1:9000", "clickhouse://"} {
		if _, err := At(url).options(); err == nil {
			t.Errorf("%q was accepted", url)
		}
	}
}
