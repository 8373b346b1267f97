package soak

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// proxy stands between clients and a server and makes trouble.
type proxy struct {
	proxy *toxiproxy.Proxy
}

// newProxy forwards listen to upstream, host:port both; port 0 picks a free one.
func newProxy(name, listen, upstream string) (*proxy, error) {
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := toxiproxy.NewProxy(server, name, listen, upstream)
	if err := p.Start(); err != nil {
		return nil, fmt.Errorf("proxy %s: %w", name, err)
	}
	return &proxy{p}, nil
}

func (p *proxy) addr() string { return p.proxy.Listen }

func (p *proxy) close() { p.proxy.Stop() }

// trouble is what the words of a fault's kind mean on the wire.
func (p *proxy) trouble(what string) error {
	if what == "unreachable" {
		p.proxy.Stop()
		return nil
	}
	toxics, ok := map[string][]string{
		// Both ends of each connection see a reset at their next word.
		"connections reset": {`{"type":"reset_peer","stream":"upstream","attributes":{"timeout":0}}`},
		// Connections stay open, and nothing arrives.
		"connections half-open": {
			`{"type":"timeout","stream":"upstream","attributes":{"timeout":0}}`,
			`{"type":"timeout","stream":"downstream","attributes":{"timeout":0}}`,
		},
		// Requests arrive and are carried out; their answers vanish.
		"answers lost": {`{"type":"timeout","stream":"downstream","attributes":{"timeout":400}}`},
		"late": {
			`{"type":"latency","stream":"upstream","attributes":{"latency":150,"jitter":100}}`,
			`{"type":"latency","stream":"downstream","attributes":{"latency":150,"jitter":100}}`,
		},
		"in slices": {
			`{"type":"slicer","stream":"upstream","attributes":{"average_size":700,"size_variation":600,"delay":50}}`,
			`{"type":"slicer","stream":"downstream","attributes":{"average_size":700,"size_variation":600,"delay":50}}`,
		},
		"narrow": { // kilobytes a second
			`{"type":"bandwidth","stream":"upstream","attributes":{"rate":300}}`,
			`{"type":"bandwidth","stream":"downstream","attributes":{"rate":300}}`,
		},
	}[what]
	if !ok {
		return fmt.Errorf("no trouble is called %q", what)
	}
	return p.add(toxics...)
}

func (p *proxy) add(toxics ...string) error {
	for _, toxic := range toxics {
		if _, err := p.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			return fmt.Errorf("toxic %s: %w", toxic, err)
		}
	}
	return nil
}

// healLimit bounds the removal of toxics, which waits for data under way.
const healLimit = 10 * time.Second

// heal ends the trouble. Connections that are half-open are closed by it.
func (p *proxy) heal(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.proxy.Toxics.ResetToxics(ctx)
	}()
	select {
	case <-done:
	case <-time.After(healLimit):
		// The proxy waits for a peer that does not read: cut its connections.
		p.proxy.Stop()
		<-done
	}
	if err := p.proxy.Start(); err != nil && err != toxiproxy.ErrProxyAlreadyStarted {
		return err
	}
	return nil
}
