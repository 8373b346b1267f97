package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// SignatureHeader carries t=UNIX SECONDS,v1=HEX, where v1 is the HMAC-SHA256 of
// "t.body" under the shared secret.
const SignatureHeader = "X-Earshot-Signature"

// Webhook posts JSON to an address.
type Webhook struct {
	url    string
	secret string // "" sends without a signature
	client *http.Client
	now    func() time.Time
}

// NewWebhook returns a webhook. Redirects are not followed: they would carry
// feedback to where nobody configured it.
func NewWebhook(url, secret string, now func() time.Time) *Webhook {
	return &Webhook{url: url, secret: secret, now: now, client: &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Name is "webhook".
func (*Webhook) Name() string { return "webhook" }

// Send posts the message; any 2xx accepts it. What the address may hold of a
// secret does not get into errors.
func (w *Webhook) Send(ctx context.Context, m Message) error {
	body, err := m.JSON()
	if err != nil {
		return &PermanentError{err}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return &PermanentError{errors.New("webhook: the address cannot be used")}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "earshot")
	request.Header.Set("X-Earshot-Event", m.Change)
	request.Header.Set("X-Earshot-Delivery", m.ID)
	if w.secret != "" {
		request.Header.Set(SignatureHeader, Sign(w.secret, w.now(), body))
	}
	response, err := w.client.Do(request)
	if err != nil {
		var shown *url.Error
		if errors.As(err, &shown) {
			err = shown.Err // without the address
		}
		return fmt.Errorf("webhook at %s: %w", request.URL.Host, err)
	}
	defer func() { _ = response.Body.Close() }() // the status says all
	_, _ = io.CopyN(io.Discard, response.Body, 64<<10)
	return w.judge(response.StatusCode, request.URL.Host)
}

func (w *Webhook) judge(status int, host string) error {
	if status >= 200 && status < 300 {
		return nil
	}
	err := fmt.Errorf("webhook at %s answered %d %s", host, status, http.StatusText(status))
	if status >= 300 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests {
		return &PermanentError{err}
	}
	return err
}

// Sign is the value of SignatureHeader for a body sent at a moment.
func Sign(secret string, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac(secret, t, body))
}

func mac(secret, t string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(t + "."))
	h.Write(body)
	return h.Sum(nil)
}

// Verify checks a SignatureHeader as a receiver should: the signature, and that
// it is not older or newer than tolerance.
func Verify(secret, header string, body []byte, now time.Time, tolerance time.Duration) error {
	fields := map[string]string{}
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = value
	}
	seconds, err := strconv.ParseInt(fields["t"], 10, 64)
	if err != nil {
		return errors.New("signature: no time in it")
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return errors.New("signature: made at another time")
	}
	given, err := hex.DecodeString(fields["v1"])
	if err != nil || !hmac.Equal(given, mac(secret, fields["t"], body)) {
		return errors.New("signature: does not fit the body")
	}
	return nil
}
