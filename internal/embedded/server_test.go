package embedded

import (
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serverArg makes the test binary a stand-in for an installed `clickhouse
// server`: it reads the configuration, answers on both ports, ends on SIGTERM.
const serverArg = "embedded-server-child"

func serveLikeClickHouse(configFlag string) error {
	text, err := os.ReadFile(strings.TrimPrefix(configFlag, "--config-file="))
	if err != nil {
		return err
	}
	var config struct {
		Host  string `xml:"listen_host"`
		TCP   string `xml:"tcp_port"`
		HTTP  string `xml:"http_port"`
		Path  string `xml:"path"`
		Users string `xml:"user_directories>users_xml>path"`
	}
	if err := xml.Unmarshal(text, &config); err != nil {
		return err
	}
	if _, err := os.Stat(config.Users); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(config.Path, "served"), nil, 0o600); err != nil {
		return err
	}
	native, err := net.Listen("tcp", net.JoinHostPort(config.Host, config.TCP))
	if err != nil {
		return err
	}
	go func() {
		for {
			conn, err := native.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 100))
			_, _ = conn.Write([]byte{0}) // hello
			conn.Close()
		}
	}()
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "1\n") })
	go func() { fmt.Println(http.ListenAndServe(net.JoinHostPort(config.Host, config.HTTP), nil)) }()
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	<-term
	return os.WriteFile(filepath.Join(config.Path, "stopped"), nil, 0o600)
}

func TestInstalledServerIsConfiguredWatchedAndStopped(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "clickhouse")
	text := fmt.Sprintf("#!/bin/sh\n[ \"$1\" = server ] && exec %q %s \"$2\"\n", program, serverArg)
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "a <b> & c") // needs escaping
	e := startEngine(t, Program{server: script}, dir)
	if err := syscall.Kill(int(e.pid.Load()), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, 10*time.Second, func() bool { return e.Restarts() == 1 })
	e.Close()
	for _, mark := range []string{"served", "stopped"} {
		if _, err := os.Stat(filepath.Join(dir, "data", mark)); err != nil {
			t.Error(err)
		}
	}
}
