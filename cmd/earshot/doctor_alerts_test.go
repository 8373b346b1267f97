package main

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"earshot/cmd/earshot/config"
)

// Doctor tries the ways of alerts and tells nobody anything; an address's path,
// often a secret, is not shown.
func TestAlertFindings(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the webhook was asked for %s", r.URL)
	}))
	defer web.Close()
	const nobody = "127.0.0.1:1" // tcpmux: nothing listens there
	mail := func(addr string) config.Alerts {
		return config.Alerts{SMTPAddr: addr, SMTPTLS: "none", From: "earshot@example.com", To: []string{"care@example.com"}}
	}
	for name, c := range map[string]struct {
		alerts       config.Alerts
		check        string
		status, todo string
	}{
		"webhook answers":    {config.Alerts{WebhookURL: web.URL + "/T0KEN"}, "webhook", statusOK, ""},
		"webhook is down":    {config.Alerts{WebhookURL: "http://" + nobody + "/T0KEN"}, "webhook", statusWarn, "alerts.webhook_url"},
		"mail server is up":  {mail(mailServer(t)), "e-mail", statusOK, ""},
		"mail server is not": {mail(nobody), "e-mail", statusWarn, "alerts.smtp_addr"},
	} {
		t.Run(name, func(t *testing.T) {
			found := alertFindings(t.Context(), c.alerts)
			if len(found) != 1 || found[0].Check != c.check || found[0].Status != c.status {
				t.Fatalf("%+v, expected %s %s", found, c.check, c.status)
			}
			f := found[0]
			if !strings.Contains(f.Todo, c.todo) || (c.todo == "") != (f.Todo == "") || strings.Contains(f.Detail+f.Todo, "\n") {
				t.Errorf("%q -> %q, expected one line on %q", f.Detail, f.Todo, c.todo)
			}
			if strings.Contains(f.Detail, "T0KEN") {
				t.Errorf("%q shows the path", f.Detail)
			}
		})
	}
	if found := alertFindings(t.Context(), config.Alerts{}); len(found) != 0 {
		t.Errorf("nothing is configured, and yet: %+v", found)
	}
}

func TestWebServer(t *testing.T) {
	for address, want := range map[string]string{
		"https://hooks.example.com/x": "hooks.example.com:443", "http://h/": "h:80", "http://[::1]:8080/": "[::1]:8080",
	} {
		if got, err := webServer(address); err != nil || got != want {
			t.Errorf("%s: %q %v, expected %q", address, got, err, want)
		}
	}
}

// mailServer greets and says goodbye, as SMTP servers do. It takes no letters.
func mailServer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			greet(conn)
		}
	}()
	return l.Addr().String()
}

func greet(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	answer := func(line string) { _, _ = conn.Write([]byte(line + "\r\n")) }
	answer("220 mail.example.com ESMTP")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		switch verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " "); verb {
		case "EHLO", "HELO", "NOOP", "RSET":
			answer("250 mail.example.com")
		case "QUIT":
			answer("221 goodbye")
			return
		default:
			answer("550 not here")
		}
	}
}
