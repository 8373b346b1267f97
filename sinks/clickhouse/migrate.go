package clickhouse

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/pressly/goose/v3"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// Migrate creates the database if it is missing and applies the schema
// files that are not applied yet. It may run again, and several times at once:
// every statement tolerates that its work is done.
func Migrate(ctx context.Context, server Server, log *slog.Logger) error {
	opts, err := server.options()
	if err != nil {
		return err
	}
	if err := createDatabase(ctx, *opts); err != nil {
		return fmt.Errorf("create database %s: %w", opts.Auth.Database, reachable(opts.Addr, err))
	}
	files, err := fs.Sub(sqlFiles, "sql")
	if err != nil {
		return err
	}
	db := chgo.OpenDB(opts)
	defer func() { _ = db.Close() }() // nothing is buffered
	provider, err := goose.NewProvider(goose.DialectClickHouse, db, files,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	applied, err := provider.Up(ctx)
	if err != nil {
		var partial *goose.PartialError
		if errors.As(err, &partial) && partial.Failed != nil {
			return fmt.Errorf("schema file %s: %w", partial.Failed.Source.Path, partial.Err)
		}
		return fmt.Errorf("schema: %w", reachable(opts.Addr, err))
	}
	for _, done := range applied {
		log.Info("schema applied", "file", done.Source.Path, "duration", done.Duration)
	}
	return nil
}

func createDatabase(ctx context.Context, opts chgo.Options) error {
	name := opts.Auth.Database
	opts.Auth.Database = "" // it may not exist yet
	conn, err := chgo.Open(&opts)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // nothing is buffered
	return conn.Exec(ctx, "CREATE DATABASE IF NOT EXISTS "+quoteIdent(name))
}

func quoteIdent(name string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(name) + "`"
}
