package notify

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
)

// mailServer speaks enough of RFC 5321 for a client that means it: EHLO,
// STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA, QUIT.
type mailServer struct {
	t    *testing.T
	tls  *tls.Config // nil: no STARTTLS
	user string      // "": no login asked for
	pass string
	busy int // letters answered with 451 first

	mu      sync.Mutex
	letters []letter
}

type letter struct {
	from    string
	to      []string
	data    string
	private bool // came over TLS
}

// start listens until the test ends.
func (s *mailServer) start() string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { s.talk(conn) })
		}
	})
	s.t.Cleanup(func() {
		_ = ln.Close()
		conns.Wait()
	})
	return ln.Addr().String()
}

func (s *mailServer) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	lines := bufio.NewReader(conn)
	say := func(format string, args ...any) { fmt.Fprintf(conn, format+"\r\n", args...) }
	var now letter
	in := s.user == ""
	say("220 mail.test ESMTP")
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, rest, _ := strings.Cut(line, " ")
		switch verb = strings.ToUpper(verb); {
		case verb == "EHLO":
			extensions := []string{"mail.test", "8BITMIME"}
			if s.tls != nil && !now.private {
				extensions = append(extensions, "STARTTLS")
			} else if s.user != "" {
				extensions = append(extensions, "AUTH PLAIN")
			}
			for _, e := range extensions[:len(extensions)-1] {
				say("250-%s", e)
			}
			say("250 %s", extensions[len(extensions)-1])
		case verb == "STARTTLS" && s.tls != nil:
			say("220 go ahead")
			secure := tls.Server(conn, s.tls)
			conn, lines, now.private = secure, bufio.NewReader(secure), true
		case verb == "AUTH":
			_, token, _ := strings.Cut(rest, " ")
			plain, _ := base64.StdEncoding.DecodeString(token)
			if in = string(plain) == "\x00"+s.user+"\x00"+s.pass; in {
				say("235 welcome")
			} else {
				say("535 who are you?")
			}
		case verb == "MAIL" && !in:
			say("530 log in first")
		case verb == "MAIL":
			now.from = rest
			say("250 ok")
		case verb == "RCPT" && strings.Contains(rest, "nobody@"):
			say("550 no such mailbox")
		case verb == "RCPT":
			now.to = append(now.to, rest)
			say("250 ok")
		case verb == "DATA":
			say("354 go on")
			s.take(lines, now, say)
			now.to = nil
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *mailServer) take(lines *bufio.Reader, now letter, say func(string, ...any)) {
	var data strings.Builder
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		if line == ".\r\n" {
			break
		}
		data.WriteString(strings.TrimPrefix(line, "."))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy > 0 {
		s.busy--
		say("451 later")
		return
	}
	now.data = data.String()
	s.letters = append(s.letters, now)
	say("250 taken")
}

func (s *mailServer) got() []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.letters
}

func TestEmail(t *testing.T) {
	server := &mailServer{t: t, busy: 2}
	smtp := SMTP{Addr: server.start(), TLS: "none", From: "Earshot <earshot@example.com>", To: []string{"a@example.com", "b@example.com"}}
	m := crisis()
	m.Alert.Location = "Café\r\nBcc: x@example.com"
	m.Alert.Sentence = "Public complaints: Café\r\nBcc: x@example.com, 30 in 5 minutes."
	if attempts, err := Deliver(t.Context(), NewEmail(smtp), m, hasty()); err != nil || attempts != 3 {
		t.Fatal(attempts, err)
	}
	letters := server.got()
	if len(letters) != 1 || len(letters[0].to) != 2 || !strings.Contains(letters[0].from, "earshot@example.com") {
		t.Fatalf("%+v", letters)
	}
	read, err := mail.ReadMessage(strings.NewReader(letters[0].data))
	if err != nil {
		t.Fatal(err)
	}
	if read.Header.Get("Bcc") != "" || read.Header.Get("X-Earshot-Alert") != m.Alert.ID {
		t.Errorf("headers %v", read.Header)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(read.Body))
	if err != nil || !strings.Contains(string(body), "Café") || !strings.Contains(string(body), "earshot alerts ack "+m.Alert.ID) {
		t.Errorf("%s %v", body, err)
	}
}

// A server that offers no encryption gets neither password nor letter.
func TestEmailInsistsOnTLS(t *testing.T) {
	server := &mailServer{t: t, user: "app", pass: "secret"}
	smtp := SMTP{Addr: server.start(), TLS: "starttls", Username: "app", Password: "secret", From: "e@example.com", To: []string{"a@example.com"}}
	if _, err := Deliver(t.Context(), NewEmail(smtp), crisis(), hasty()); err == nil || len(server.got()) != 0 {
		t.Fatal(err, server.got())
	}
}

func TestEmailThatIsRefused(t *testing.T) {
	server := &mailServer{t: t}
	smtp := SMTP{Addr: server.start(), TLS: "none", From: "e@example.com", To: []string{"nobody@example.com"}}
	if attempts, err := Deliver(t.Context(), NewEmail(smtp), crisis(), hasty()); err == nil || attempts != 1 {
		t.Fatal(attempts, err)
	}
	if err := smtp.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	smtp.Addr = "127.0.0.1:1"
	if err := smtp.Check(t.Context()); err == nil {
		t.Fatal("nobody listens there")
	}
}

// With STARTTLS and a login: password and letter travel encrypted.
func TestEmailWithLogin(t *testing.T) {
	certs := httptest.NewUnstartedServer(nil)
	certs.StartTLS()
	t.Cleanup(certs.Close)
	server := &mailServer{t: t, tls: &tls.Config{Certificates: certs.TLS.Certificates}, user: "app", pass: "secret"}
	e := NewEmail(SMTP{Addr: server.start(), TLS: "starttls", Username: "app", Password: "secret", From: "e@example.com", To: []string{"a@example.com"}})
	e.smtp.roots = x509.NewCertPool()
	e.smtp.roots.AddCert(certs.Certificate())
	if _, err := Deliver(t.Context(), e, crisis(), hasty()); err != nil {
		t.Fatal(err)
	}
	if got := server.got(); len(got) != 1 || !got[0].private {
		t.Fatalf("%+v", got)
	}
	e.smtp.Password = "wrong"
	if _, err := Deliver(t.Context(), e, crisis(), hasty()); err == nil || strings.Contains(err.Error(), "wrong") {
		t.Fatal(err)
	}
}
