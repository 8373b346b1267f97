package pipeline

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// validate checks what the fields mean, once their types are right, and brings
// source and language to their normal form.
func validate(e *Event, now time.Time) *Reject {
	for _, check := range []func() *Reject{
		func() *Reject { return checkSource(e) },
		func() *Reject { return checkOccurredAt(e.OccurredAt, now) },
		func() *Reject { return checkLanguage(e) },
		func() *Reject { return checkContact(e.Contact, now) },
		func() *Reject { return checkTurns(e.Turns, now) },
		func() *Reject { return checkContent(e) },
	} {
		if reject := check(); reject != nil {
			return reject
		}
	}
	return nil
}

func checkID(path, id string) *Reject {
	switch {
	case id == "":
		return rejectf(BadID, "%s: empty; leave it out to have one derived", path)
	case len(id) > MaxIDBytes:
		return rejectf(BadID, "%s: %d bytes, at most %d are allowed", path, len(id), MaxIDBytes)
	case strings.IndexFunc(id, isControl) >= 0:
		return rejectf(BadID, "%s: %s holds a control character", path, strconv.QuoteToASCII(excerpt(id)))
	}
	return nil
}

// isControl reports the C0 and C1 control characters and DEL.
func isControl(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }

func checkSource(e *Event) *Reject {
	for _, channel := range Channels {
		if e.Source == channel {
			e.Source = channel // the shared string: the message's own copy can go
			return nil
		}
	}
	known := strings.Join(Channels, ", ")
	if e.Source == "" {
		return rejectf(BadSource, "source: missing; one of %s", known)
	}
	if near := Nearest(e.Source, Channels); near != "" {
		return rejectf(BadSource, "source: %q is no channel, did you mean %q?", excerpt(e.Source), near)
	}
	return rejectf(BadSource, "source: %q is no channel; one of %s", excerpt(e.Source), known)
}

func checkOccurredAt(at, now time.Time) *Reject {
	if at.IsZero() {
		return rejectf(BadTime, "occurred_at: missing")
	}
	return checkRange("occurred_at", at, now, BadTime)
}

func checkRange(path string, at, now time.Time, reason Reason) *Reject {
	switch {
	case at.After(now.Add(MaxFuture)):
		return rejectf(reason, "%s: %s is more than 24 hours in the future", path, at.Format(time.RFC3339))
	case at.Before(now.AddDate(-MaxPastYears, 0, 0)):
		return rejectf(reason, "%s: %s is more than %d years ago", path, at.Format(time.RFC3339), MaxPastYears)
	}
	return nil
}

// maxLanguageBytes is generous: a tag with script, region and variants takes 35 (RFC 5646, 4.4.1).
const maxLanguageBytes = 64

func checkLanguage(e *Event) *Reject {
	tag := e.Language
	if tag == "" || len(tag) == 2 && isLower(tag[0]) && isLower(tag[1]) {
		return nil
	}
	if len(tag) > maxLanguageBytes {
		return rejectf(BadLanguage, "language: %q is no BCP 47 tag such as en or pt-BR", excerpt(tag))
	}
	parsed, err := language.Parse(tag)
	if err == nil {
		e.Language = parsed.String()
		return nil
	}
	// A ValueError is well-formed but not registered: kept as it came.
	if _, wellFormed := err.(language.ValueError); !wellFormed {
		return rejectf(BadLanguage, "language: %q is no BCP 47 tag such as en or pt-BR", excerpt(tag))
	}
	return nil
}

func isLower(b byte) bool { return 'a' <= b && b <= 'z' }

func checkContact(c *Contact, now time.Time) *Reject {
	if c == nil {
		return nil
	}
	switch c.Direction {
	case "", "inbound", "outbound":
	default:
		return rejectf(BadContact, "contact.direction: %q is neither inbound nor outbound", excerpt(c.Direction))
	}
	for _, f := range [...]struct {
		path string
		at   *time.Time
	}{
		{"contact.opened_at", c.OpenedAt},
		{"contact.first_response_at", c.FirstResponseAt},
		{"contact.resolved_at", c.ResolvedAt},
	} {
		if f.at == nil {
			continue
		}
		if reject := checkRange(f.path, *f.at, now, BadContact); reject != nil {
			return reject
		}
	}
	return nil
}

func checkTurns(turns []Turn, now time.Time) *Reject {
	for i := range turns {
		path := "turns." + strconv.Itoa(i)
		switch turns[i].Role {
		case "customer", "agent", "bot":
		case "":
			return rejectf(BadTurns, "%s.role: missing; one of customer, agent, bot", path)
		default:
			return rejectf(BadTurns, "%s.role: %q is none of customer, agent, bot", path, excerpt(turns[i].Role))
		}
		if turns[i].At != nil {
			if reject := checkRange(path+".at", *turns[i].At, now, BadTurns); reject != nil {
				return reject
			}
		}
	}
	return nil
}

// checkContent asks for something to analyse or to count.
func checkContent(e *Event) *Reject {
	if !blank(e.Text) || e.Rating != nil {
		return nil
	}
	if s := e.Survey; s != nil && (s.CSAT != nil || s.NPS != nil || s.CES != nil) {
		return nil
	}
	for i := range e.Turns {
		if e.Turns[i].Role == "customer" && !blank(e.Turns[i].Text) {
			return nil
		}
	}
	return rejectf(NoContent, "neither text, rating, survey answer nor a customer's turn")
}

// blank tells white space alone; the first byte tells most others.
func blank(s string) bool {
	if s != "" && s[0] > ' ' && s[0] < utf8.RuneSelf {
		return false
	}
	return strings.TrimSpace(s) == ""
}

// excerptBytes bounds how much of a foreign value a reject quotes.
const excerptBytes = 60

// excerpt shortens s for a message, at a rune boundary.
func excerpt(s string) string {
	if len(s) <= excerptBytes {
		return s
	}
	end := excerptBytes
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
