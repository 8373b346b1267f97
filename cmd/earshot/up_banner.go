package main

import (
	"fmt"
	"io"
	"path/filepath"
	"time"

	"earshot/cmd/earshot/config"
)

// banner says where everything is and what to try next.
func (s *stack) banner(w io.Writer, took time.Duration) {
	fmt.Fprintf(w, "Earshot is up (%.1f s).\n\n", took.Seconds())
	fmt.Fprintf(w, "  Page        http://%s\n", s.endpoints.Web)
	for _, broker := range s.cfg.Kafka.Brokers {
		fmt.Fprintf(w, "  Kafka       %s, topic %s\n", broker, s.cfg.Kafka.EventsTopic)
	}
	if s.endpoints.ClickHouse != "" {
		fmt.Fprintf(w, "  ClickHouse  %s\n", s.cfg.ClickHouse.URL)
		fmt.Fprintf(w, "              http://%s\n", s.endpoints.ClickHouseHTTP)
	}
	fmt.Fprintf(w, "  Data        %s\n\n", s.cfg.Data)
	data := dataFlag(s.cfg.Data)
	fmt.Fprintf(w, "In another terminal:\n")
	fmt.Fprintf(w, "  earshot feed reviews.csv --map text=review,rating=stars,occurred_at=date%s\n", data)
	fmt.Fprintf(w, "  earshot report --since 30d%s\n", data)
	fmt.Fprintf(w, "  earshot followups list%s\n\n", data)
	if s.o.workers == 0 {
		fmt.Fprintf(w, "No worker runs in here; start one: earshot worker%s\n", data)
	}
	fmt.Fprintln(w, "Ctrl-C stops everything.")
}

// dataFlag is how other commands must name the directory; "" for the usual one.
func dataFlag(dir string) string {
	usual, err := filepath.Abs(config.Default().Data)
	if err == nil && usual == dir {
		return ""
	}
	return " --data " + dir
}
