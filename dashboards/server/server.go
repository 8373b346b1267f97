// Package server is Earshot's HTTP side: the JSON API under /api/v1, which reads
// and takes the answers of reviews, the page, and the metrics and health of the process.
package server

import (
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"earshot/dashboards/web"
	"earshot/pipeline/followup"
)

// Options are the parts a server is made of. Reader and CasesCSV are required.
type Options struct {
	Reader    Reader
	Insights  *Insights                              // mines findings; nil: those endpoints are not there
	Names     map[string]string                      // of complaints by topic: "slow service"
	CasesCSV  func(io.Writer, []followup.Case) error // the download of the follow-up queue
	FollowUp  followup.Policy
	ReviewLog ReviewLog    // stores answers; nil: none are taken
	Reviews   string       // who may answer: ReviewsOff, ReviewsLocal or ReviewsOn; "": ReviewsLocal
	Telemetry http.Handler // /metrics, /healthz, /readyz; nil: none
	Log       *slog.Logger // nil: slog.Default
	Now       func() time.Time
	Page      fs.FS         // the built page; nil: the embedded one
	Timeout   time.Duration // of one request; 0: 15 s
	// Observe is told of each answered request; route is one of the mux's patterns.
	Observe func(route string, status int, took time.Duration)
}

type server struct {
	reader   Reader
	insights *Insights
	names    map[string]string
	policy   followup.Policy
	casesCSV func(io.Writer, []followup.Case) error
	answers  *answers
	log      *slog.Logger
	now      func() time.Time

	explaining chan struct{} // held by the change being explained
}

// New returns the handler for everything Earshot serves over HTTP.
func New(opts Options) http.Handler {
	opts = withDefaults(opts)
	s := &server{reader: opts.Reader, insights: opts.Insights, names: opts.Names, policy: opts.FollowUp, casesCSV: opts.CasesCSV, log: opts.Log, now: opts.Now,
		answers:    &answers{log: opts.ReviewLog, from: opts.Reviews},
		explaining: make(chan struct{}, 1)}
	mux := http.NewServeMux()
	s.routeAPI(mux)
	if opts.Telemetry != nil {
		for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
			mux.Handle(path, opts.Telemetry)
		}
	}
	mux.Handle("/", newPage(opts.Page))

	var h http.Handler = gzhttp.GzipHandler(mux)
	h = withTimeout(h, opts.Timeout)
	h = readOnly(h)
	h = refuseForeignHosts(h)
	h = withSecurityHeaders(h)
	return withRequestLog(h, opts.Log, opts.Now, func(r *http.Request, status int, took time.Duration) {
		_, route := mux.Handler(r)
		opts.Observe(route, status, took)
	})
}

func withDefaults(opts Options) Options {
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Observe == nil {
		opts.Observe = func(string, int, time.Duration) {}
	}
	if opts.Page == nil {
		opts.Page = web.Files()
	}
	if opts.Timeout == 0 {
		opts.Timeout = 15 * time.Second
	}
	return opts
}
