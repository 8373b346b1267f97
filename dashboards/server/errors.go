package server

import (
	"context"
	"errors"
	"net/http"

	"earshot/sinks/clickhouse"
)

type errorBody struct {
	Error struct {
		Message   string `json:"message"`
		Parameter string `json:"parameter,omitempty"`
	} `json:"error"`
}

func writeError(w http.ResponseWriter, status int, message, parameter string) {
	var body errorBody
	body.Error.Message, body.Error.Parameter = message, parameter
	writeJSON(w, status, body)
}

// fail answers a request that could not be served. What the store said goes to
// the log, not to the caller.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var bad *paramError
	switch {
	case errors.As(err, &bad):
		writeError(w, http.StatusBadRequest, bad.Error(), bad.parameter)
	case r.Context().Err() == context.Canceled: // the caller went away
	case timedOut(r.Context(), err):
		s.log.Warn("query timed out", "path", r.URL.Path, "error", err)
		w.Header().Set("Retry-After", "5")
		writeError(w, http.StatusServiceUnavailable, "ClickHouse took too long to answer; choose a shorter period or raise serve.query_timeout", "")
	case unreachable(err):
		s.log.Warn("store unreachable", "path", r.URL.Path, "error", err)
		w.Header().Set("Retry-After", "5")
		writeError(w, http.StatusServiceUnavailable, "ClickHouse does not answer; `earshot doctor` says what is wrong", "")
	default:
		s.log.Error("query failed", "path", r.URL.Path, "error", err)
		writeError(w, http.StatusInternalServerError, "the query failed; the server's log says why", "")
	}
}

func timedOut(ctx context.Context, err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || ctx.Err() == context.DeadlineExceeded
}

func unreachable(err error) bool {
	var down *clickhouse.UnreachableError
	return errors.As(err, &down)
}
