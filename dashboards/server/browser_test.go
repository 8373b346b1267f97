package server_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserVar is the three-state switch of the tests with a browser: unset =
// where Chromium is installed, 1 = required, 0 = off.
const browserVar = "EARSHOT_TEST_BROWSER"

// browser is a page in a headless Chromium that remembers what went wrong in it.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	troubles []string // console errors, exceptions, refused loads
	requests []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := chromium(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true))
	ctx, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stopBrowser := chromedp.NewContext(ctx)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	b := &browser{t: t, ctx: ctx}
	t.Cleanup(func() {
		cancel()
		stopBrowser()
		stopAllocator()
	})
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal("chromium: ", err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal("chromium: ", err)
	}
	return b
}

// chromium finds the browser or skips the test.
func chromium(t *testing.T) string {
	t.Helper()
	state := os.Getenv(browserVar)
	if state == "0" {
		t.Skipf("%s=0: not run", browserVar)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if state == "1" {
		t.Fatalf("%s=1, but there is no chromium on PATH", browserVar)
	}
	t.Skipf("no chromium on PATH; %s=1 makes that a failure", browserVar)
	return ""
}

func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			b.troubles = append(b.troubles, fmt.Sprintf("console %s: %+v", e.Type, e.Args))
		}
	case *runtime.EventExceptionThrown:
		b.troubles = append(b.troubles, fmt.Sprintf("exception: %+v", e.ExceptionDetails))
	case *log.EventEntryAdded:
		b.troubles = append(b.troubles, fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// do runs steps; what names them in a failure.
func (b *browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// open loads an address and waits until every panel has its data.
func (b *browser) open(address string) {
	b.t.Helper()
	b.do("open "+address, chromedp.Navigate(address))
	b.eventually("figures on "+address, `document.querySelectorAll('.tile-value[data-value]').length === 6 && !document.querySelector('main [aria-busy=true], main .skeleton')`)
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// eventually waits until the JavaScript condition holds.
func (b *browser) eventually(what, condition string) {
	b.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !evaluate[bool](b, "!!("+condition+")") {
		if time.Now().After(deadline) {
			b.t.Fatalf("%s: never; the page says %q", what, evaluate[string](b, `location.search + "\n" + (document.querySelector('dialog[open]') ?? document.body).innerText.slice(0, 1500)`))
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func evaluate[T any](b *browser, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func (b *browser) prefer(scheme string) {
	b.t.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatal(err)
	}
}

// expectClean fails on anything the console complained about and on any request
// to another host than the page's own.
func (b *browser) expectClean(srv *httptest.Server) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, trouble := range b.troubles {
		b.t.Error(trouble)
	}
	for _, request := range b.requests {
		if u, err := url.Parse(request); err == nil && u.Host != strings.TrimPrefix(srv.URL, "http://") && u.Scheme != "data" {
			b.t.Errorf("a request to another host: %s", request)
		}
	}
	if len(b.requests) == 0 {
		b.t.Error("no request was seen: the watch does not work")
	}
}
