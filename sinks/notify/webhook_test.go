package notify

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const secret = "a shared secret"

// receiver is a web server that checks what it gets as its owner should, and
// answers with the given codes, the last one for ever.
func receiver(t *testing.T, codes ...int) (address string, calls *atomic.Int32) {
	t.Helper()
	calls = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if err := Verify(secret, r.Header.Get(SignatureHeader), body, noon, time.Minute); err != nil {
			t.Error(err)
		}
		var m Message
		if err := json.Unmarshal(body, &m); err != nil || m.Alert.Location != "store-001" || m.Alert.Count != 30 {
			t.Errorf("%s: %v", body, err)
		}
		if r.Method != http.MethodPost || r.Header.Get("X-Earshot-Delivery") != m.ID || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %v", r.Method, r.Header)
		}
		call := int(calls.Add(1))
		w.WriteHeader(codes[min(call, len(codes))-1])
	}))
	t.Cleanup(server.Close)
	return server.URL, calls
}

func TestWebhook(t *testing.T) {
	for name, c := range map[string]struct {
		codes []int
		calls int32
		want  string // part of the error, "" for none
	}{
		"accepted":                  {[]int{204}, 1, ""},
		"busy, then accepted":       {[]int{503, 429, 200}, 3, ""},
		"down":                      {[]int{500}, 4, "4 attempts failed"},
		"refused":                   {[]int{401}, 1, "401 Unauthorized"},
		"sent elsewhere, not to go": {[]int{307}, 1, "307 Temporary Redirect"},
	} {
		t.Run(name, func(t *testing.T) {
			address, calls := receiver(t, c.codes...)
			hook := NewWebhook(address+"/T000/token", secret, func() time.Time { return noon })
			attempts, err := Deliver(t.Context(), hook, crisis(), hasty())
			if calls.Load() != c.calls || attempts != int(c.calls) {
				t.Errorf("%d calls, %d attempts, expected %d", calls.Load(), attempts, c.calls)
			}
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, expected %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "token") {
				t.Errorf("the address, which may be secret, is in %v", err)
			}
		})
	}
}

func TestWebhookThatIsNotThere(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	attempts, err := Deliver(t.Context(), NewWebhook(gone.URL+"/token", secret, time.Now), crisis(), hasty())
	if attempts != 4 || err == nil || strings.Contains(err.Error(), "token") {
		t.Fatal(attempts, err)
	}
}

// A message that is under way when the program stops is not given up.
func TestDeliverEndsWithItsContext(t *testing.T) {
	address, calls := receiver(t, 500)
	ctx, cancel := context.WithCancel(t.Context())
	slow := Patience{Attempts: 100, Pause: time.Hour, Longest: time.Hour, Timeout: 20 * time.Second}
	done := make(chan error, 1)
	go func() {
		_, err := Deliver(ctx, NewWebhook(address, secret, func() time.Time { return noon }), crisis(), slow)
		done <- err
	}()
	for calls.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestSignature(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		key := rapid.String().Draw(t, "key")
		header := Sign(key, noon, body)
		if err := Verify(key, header, body, noon.Add(time.Minute), 5*time.Minute); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{
			"another body":   Verify(key, header, append(body[:len(body):len(body)], 'x'), noon, time.Minute),
			"another key":    Verify(key+"x", header, body, noon, time.Minute),
			"another time":   Verify(key, strings.Replace(header, "t=1", "t=2", 1), body, noon, time.Hour*24*365*100),
			"an old message": Verify(key, header, body, noon.Add(time.Hour), 5*time.Minute),
			"no signature":   Verify(key, "", body, noon, time.Minute),
		} {
			if err == nil {
				t.Fatalf("%s passes", name)
			}
		}
	})
}
