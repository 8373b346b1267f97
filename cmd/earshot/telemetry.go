package main

import (
	"context"
	"log/slog"

	"earshot/cmd/earshot/config"
	"earshot/internal/telemetry"
)

// startTelemetry says which program it is that tells about itself, and begins to
// send traces and metrics where that is wanted. The returned function flushes.
func startTelemetry(ctx context.Context, cfg config.Config, tel *telemetry.Telemetry, log *slog.Logger) (stop func(), err error) {
	tel.SetBuild(version)
	return tel.Export(ctx, telemetry.Export{Endpoint: cfg.Telemetry.OTLPEndpoint, Version: version, Log: log})
}
