package config

import (
	"net"
	"net/mail"
	"net/url"
	"time"

	"earshot/sinks/notify"
)

// SMTP is how alerts are mailed; ok is false if they are not.
func (a Alerts) SMTP() (smtp notify.SMTP, ok bool) {
	return notify.SMTP{
		Addr: a.SMTPAddr, Username: a.SMTPUsername, Password: a.SMTPPassword, TLS: a.SMTPTLS, From: a.From, To: a.To,
	}, a.SMTPAddr != ""
}

// Quiet are the quiet hours of a valid configuration.
func (a Alerts) Quiet() notify.QuietHours {
	zone, err := time.LoadLocation(a.Timezone)
	if err != nil {
		zone = time.UTC
	}
	quiet, _ := notify.ParseQuietHours(a.QuietHours, zone) // Validate has seen it
	return quiet
}

func (c *checker) alerts(a Alerts) {
	within(c, "alerts.interval", a.Interval, time.Second, time.Minute)
	if a.Themes != 0 {
		within(c, "alerts.themes", a.Themes, 10*time.Minute, 7*24*time.Hour)
	}
	within(c, "alerts.cooldown", a.Cooldown, time.Minute, 30*24*time.Hour)
	if a.WebhookURL != "" {
		u, err := url.Parse(a.WebhookURL)
		ok := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
		c.require(ok, "alerts.webhook_url", "expected an address such as https://hooks.example.com/earshot")
	}
	c.require(a.WebhookSecret == "" || a.WebhookURL != "", "alerts.webhook_secret", "has no effect without alerts.webhook_url")
	c.oneLine("alerts.webhook_secret", a.WebhookSecret)
	c.oneOf("alerts.smtp_tls", a.SMTPTLS, "starttls", "tls", "none")
	c.mail(a)
	zone, err := time.LoadLocation(a.Timezone)
	c.require(err == nil && a.Timezone != "", "alerts.timezone", "expected a zone of the IANA list, such as Europe/Berlin or UTC")
	_, err = notify.ParseQuietHours(a.QuietHours, zone)
	c.require(err == nil, "alerts.quiet_hours", "expected a span of the day, such as 22:00-07:00")
}

func (c *checker) mail(a Alerts) {
	if a.SMTPAddr == "" {
		c.require(len(a.To) == 0, "alerts.to", "has no effect without alerts.smtp_addr")
		c.require(a.SMTPPassword == "", "alerts.smtp_password", "has no effect without alerts.smtp_addr")
		return
	}
	c.require(hostPort(a.SMTPAddr, 1) == nil, "alerts.smtp_addr", "expected host:port, such as smtp.example.com:587")
	_, err := mail.ParseAddress(a.From)
	c.require(err == nil, "alerts.from", "expected the sender's address, such as earshot@example.com")
	c.require(len(a.To) > 0, "alerts.to", "expected at least one address")
	for _, to := range a.To {
		_, err := mail.ParseAddress(to)
		c.require(err == nil, "alerts.to", "expected addresses, such as care@example.com")
	}
	c.require(a.SMTPPassword == "" || a.SMTPUsername != "", "alerts.smtp_username", "expected the user of alerts.smtp_password")
	c.require(a.SMTPUsername == "" || a.SMTPTLS != "none" || local(a.SMTPAddr), "alerts.smtp_tls", "expected starttls or tls: a password would travel in the clear")
	c.oneLine("alerts.smtp_password", a.SMTPPassword)
}

// local tells whether an address is of this machine.
func local(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}
