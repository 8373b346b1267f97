package main

import (
	"io"
	"log/slog"

	"earshot/cmd/earshot/config"
)

// newLogger returns the diagnostic log on w. The configuration was validated, so
// an unknown level cannot come here; it would mean info.
func newLogger(cfg config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Level)); err != nil {
		level = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: level}
	if cfg.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
