package main

import (
	"context"
	"errors"
	"net"
	"net/url"

	"earshot/cmd/earshot/config"
	"earshot/sinks/notify"
)

// alertFindings checks the ways by which people are told of alerts, without
// telling them anything. Feedback flows without them: trouble is a warning.
func alertFindings(ctx context.Context, alerts config.Alerts) []diagnosis {
	var findings []diagnosis
	if alerts.WebhookURL != "" {
		findings = append(findings, webhookFinding(ctx, alerts.WebhookURL))
	}
	if smtp, ok := alerts.SMTP(); ok {
		findings = append(findings, smtpFinding(ctx, smtp))
	}
	return findings
}

// webhookFinding connects and posts nothing: the address may not take it for a
// test. The path is not shown, it is often a secret.
func webhookFinding(ctx context.Context, address string) diagnosis {
	const check = "webhook"
	host, err := webServer(address)
	if err == nil {
		err = dials(ctx, host)
	}
	if err != nil {
		return found(check, "%v", err).warn("start its server or correct alerts.webhook_url, then `earshot alerts test`")
	}
	return found(check, "%s is reachable", host)
}

// webServer is the host:port of a web address.
func webServer(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return "", errors.New("the address cannot be used") // not shown, as above
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port), nil
}

// smtpFinding logs in and sends nothing.
func smtpFinding(ctx context.Context, smtp notify.SMTP) diagnosis {
	const check = "e-mail"
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	if err := smtp.Check(ctx); err != nil {
		return found(check, "%s: %v", smtp.Addr, err).warn("start the mail server or correct alerts.smtp_addr, _tls, _username and _password, then `earshot alerts test`")
	}
	return found(check, "%s is ready", smtp.Addr)
}
