package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/wneessen/go-mail"
)

// SMTP says how to send e-mail.
type SMTP struct {
	Addr     string // host:port
	Username string // "": without a login
	Password string
	TLS      string // starttls (required), tls (from the first byte) or none
	From     string
	To       []string

	roots *x509.CertPool // nil: the system's
}

// Email sends a message as plain text.
type Email struct{ smtp SMTP }

// NewEmail returns the target; nothing is dialled yet.
func NewEmail(smtp SMTP) *Email { return &Email{smtp} }

// Name is "email".
func (*Email) Name() string { return "email" }

// Send delivers the message to the SMTP server.
func (e *Email) Send(ctx context.Context, m Message) error {
	letter, err := e.letter(m)
	if err != nil {
		return &PermanentError{fmt.Errorf("e-mail: %w", err)}
	}
	client, hangUp, err := e.smtp.client()
	if err != nil {
		return &PermanentError{fmt.Errorf("smtp: %w", err)}
	}
	defer hangUp()
	if err := client.DialAndSendWithContext(ctx, letter); err != nil {
		err = fmt.Errorf("smtp at %s: %w", e.smtp.Addr, err)
		var refused *mail.SendError
		if errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 {
			return &PermanentError{err}
		}
		return err
	}
	return nil
}

// Check dials and logs in, and sends nothing.
func (s SMTP) Check(ctx context.Context) error {
	client, hangUp, err := s.client()
	if err != nil {
		return err
	}
	defer hangUp()
	if err := client.DialWithContext(ctx); err != nil {
		return err
	}
	return client.Close()
}

// client returns a client, and what ends its connection: the library leaves one
// open when STARTTLS or the login fails.
func (s SMTP) client() (client *mail.Client, hangUp func(), err error) {
	host, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, nil, err
	}
	secure := &tls.Config{ServerName: host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
	var conn net.Conn
	dial := func(ctx context.Context, network, address string) (opened net.Conn, err error) {
		if s.TLS == "tls" {
			opened, err = (&tls.Dialer{Config: secure}).DialContext(ctx, network, address)
		} else {
			opened, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		conn = opened
		return opened, err
	}
	opts := []mail.Option{mail.WithPort(number), mail.WithTimeout(10 * time.Second), mail.WithDialContextFunc(dial), mail.WithTLSConfig(secure)}
	if s.TLS == "starttls" {
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	} else {
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS)) // none, or from the first byte
	}
	if s.Username != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.Username), mail.WithPassword(s.Password))
	}
	client, err = mail.NewClient(host, opts...)
	return client, func() {
		if conn != nil {
			_ = conn.Close() // what was sent was answered
		}
	}, err
}

func (e *Email) letter(m Message) (*mail.Msg, error) {
	letter := mail.NewMsg()
	if err := letter.From(e.smtp.From); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	if err := letter.To(e.smtp.To...); err != nil {
		return nil, fmt.Errorf("receiver: %w", err)
	}
	letter.Subject(subject(m))
	letter.SetDateWithValue(m.At)
	// One message, one id: a mail program shows a repetition once.
	_, domain, _ := strings.Cut(strings.Trim(e.smtp.From, "<> "), "@")
	letter.SetMessageIDWithValue(strings.NewReplacer("/", ".", "|", ".").Replace(m.ID) + "@" + domain)
	letter.SetGenHeader("X-Earshot-Alert", m.Alert.ID)
	var text bytes.Buffer
	if err := letterText.Execute(&text, m); err != nil {
		return nil, fmt.Errorf("text: %w", err)
	}
	letter.SetBodyString(mail.TypeTextPlain, text.String())
	return letter, nil
}

// subject stays on one line whatever the names of topics and places hold.
func subject(m Message) string {
	return "[Earshot] " + m.Change + ": " + strings.Join(strings.Fields(m.Alert.Sentence), " ")
}

var letterText = template.Must(template.New("letter").Parse(`{{.Alert.Sentence}}

alert       {{.Alert.ID}} ({{.Alert.Kind}}, {{.Alert.State}})
{{- if .Alert.Topic}}
topic       {{.Alert.Topic}}{{end}}
{{- if .Alert.Location}}
location    {{.Alert.Location}}{{end}}
{{- if .Alert.Channel}}
channel     {{.Alert.Channel}}{{end}}
since       {{.Alert.Since.UTC.Format "2006-01-02 15:04:05 UTC"}}
last event  {{.Alert.LastAt.UTC.Format "2006-01-02 15:04:05 UTC"}}
complaints  {{.Alert.Count}}
{{- if .Alert.AckBy}}
taken by    {{.Alert.AckBy}}{{if .Alert.AckNote}}: {{.Alert.AckNote}}{{end}}{{end}}

See it:    earshot alerts show {{.Alert.ID}}
Take it:   earshot alerts ack {{.Alert.ID}} --by NAME --note "what is done"
`))
