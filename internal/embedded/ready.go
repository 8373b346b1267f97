package embedded

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

const probeTimeout = 2 * time.Second

// answers checks that the engine serves both protocols: a log-in on the native
// one, a query on the other.
func answers(ctx context.Context, tcp, http string) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	if err := answersNative(ctx, tcp); err != nil {
		return fmt.Errorf("native port %s: %w", tcp, err)
	}
	if err := answersHTTP(ctx, http); err != nil {
		return fmt.Errorf("http port %s: %w", http, err)
	}
	return nil
}

// answersNative says hello in ClickHouse's native protocol (Core/Protocol.h)
// and expects the server's hello.
func answersNative(ctx context.Context, addr string) error {
	const (
		hello    = 0
		revision = 54448 // any that the server still speaks
	)
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	text := func(b []byte, s string) []byte {
		return append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	packet := text([]byte{hello}, "earshot")
	packet = binary.AppendUvarint(packet, 1) // our version, major and minor
	packet = binary.AppendUvarint(packet, 0)
	packet = binary.AppendUvarint(packet, revision)
	packet = text(packet, "") // database
	packet = text(packet, "default")
	packet = text(packet, "") // password
	if _, err := conn.Write(packet); err != nil {
		return err
	}
	var answer [1]byte
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return err
	}
	if answer[0] != hello {
		return fmt.Errorf("refuses to log in (packet %d)", answer[0])
	}
	return nil
}

func answersHTTP(ctx context.Context, addr string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/?user=default", strings.NewReader("SELECT 1"))
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1024))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || strings.TrimSpace(string(body)) != "1" {
		return fmt.Errorf("answers %s: %.200s", resp.Status, body)
	}
	return nil
}
