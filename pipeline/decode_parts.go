package pipeline

import (
	"strconv"
	"time"
)

// part reads a nested object of the contract; false means there is none, be it
// null or refused.
func (c *cursor) part(path, want string, field func(name []byte)) bool {
	if c.null() {
		return false
	}
	if c.dec.PeekKind() != '{' {
		c.wrongType(path, want)
		return false
	}
	c.object(field)
	return true
}

// rating reads a number on 1..5, or {value, min, max} and brings it to 1..5.
func (c *cursor) rating(e *Event) *float64 {
	if c.dec.PeekKind() == '0' {
		f, ok := c.number("rating", BadRating)
		if !ok {
			return nil
		}
		if f < 1 || f > 5 {
			c.fail(BadRating, "rating: %v is not on 1..5; for another scale send {\"value\", \"min\", \"max\"}", f)
		}
		return &f
	}
	var value, low, high float64
	var hasValue, hasLow, hasHigh bool
	present := c.part("rating", "a number or {value, min, max}", func(name []byte) {
		switch string(name) {
		case "value":
			value, hasValue = c.number("rating.value", BadRating)
		case "min":
			low, hasLow = c.number("rating.min", BadRating)
		case "max":
			high, hasHigh = c.number("rating.max", BadRating)
		default:
			c.unknown(e, "rating.", name)
		}
	})
	if !present || c.syntax != nil {
		return nil
	}
	if !hasValue || !hasLow || !hasHigh {
		c.fail(BadRating, "rating: value, min and max are all needed")
		return nil
	}
	return c.rescale(value, low, high)
}

// rescale maps value from low..high linearly to 1..5.
func (c *cursor) rescale(value, low, high float64) *float64 {
	switch {
	case low >= high:
		c.fail(BadRating, "rating: min %v is not below max %v", low, high)
		return nil
	case value < low || value > high:
		c.fail(BadRating, "rating: value %v is not on %v..%v", value, low, high)
		return nil
	}
	// Halves keep high-low finite for ranges as wide as a float64.
	share := (value/2 - low/2) / (high/2 - low/2)
	f := min(max(1+4*share, 1), 5)
	return &f
}

func (c *cursor) survey(e *Event) *Survey {
	var s Survey
	present := c.part("survey", "an object", func(name []byte) {
		switch string(name) {
		case "csat":
			s.CSAT = c.answer("survey.csat", 1, 5)
		case "nps":
			s.NPS = c.answer("survey.nps", 0, 10)
		case "ces":
			s.CES = c.answer("survey.ces", 1, 7)
		case "question":
			s.Question = c.string("survey.question")
		default:
			c.unknown(e, "survey.", name)
		}
	})
	if !present {
		return nil
	}
	return &s
}

// answer reads a whole number on low..high; 4.0 counts as 4.
func (c *cursor) answer(path string, low, high int) *int {
	f, ok := c.number(path, BadSurvey)
	if !ok {
		return nil
	}
	n := int(f)
	if f < float64(low) || f > float64(high) || float64(n) != f {
		c.fail(BadSurvey, "%s: %v is not a whole number on %d..%d", path, f, low, high)
		return nil
	}
	return &n
}

func (c *cursor) customer(e *Event) *Customer {
	var who Customer
	if c.dec.PeekKind() == '"' {
		who.ID = c.string("customer")
		return &who
	}
	present := c.part("customer", "a string id or an object", func(name []byte) {
		switch string(name) {
		case "id":
			who.ID = c.string("customer.id")
		case "name":
			who.Name = c.string("customer.name")
		case "email":
			who.Email = c.string("customer.email")
		case "phone":
			who.Phone = c.string("customer.phone")
		case "segment":
			who.Segment = c.string("customer.segment")
		case "value":
			if f, ok := c.number("customer.value", BadType); ok {
				who.Value = &f
			}
		default:
			c.unknown(e, "customer.", name)
		}
	})
	if !present {
		return nil
	}
	return &who
}

func (c *cursor) contact(e *Event) *Contact {
	var t Contact
	present := c.part("contact", "an object", func(name []byte) {
		switch string(name) {
		case "thread_id":
			t.ThreadID = c.string("contact.thread_id")
		case "direction":
			t.Direction = c.string("contact.direction")
		case "opened_at":
			t.OpenedAt = c.optionalTime("contact.opened_at", BadContact)
		case "first_response_at":
			t.FirstResponseAt = c.optionalTime("contact.first_response_at", BadContact)
		case "resolved_at":
			t.ResolvedAt = c.optionalTime("contact.resolved_at", BadContact)
		case "resolved":
			t.Resolved = c.bool("contact.resolved")
		default:
			c.unknown(e, "contact.", name)
		}
	})
	if !present {
		return nil
	}
	return &t
}

func (c *cursor) optionalTime(path string, reason Reason) *time.Time {
	if c.null() {
		return nil
	}
	t := c.time(path, reason)
	return &t
}

func (c *cursor) turns(e *Event) []Turn {
	if c.null() {
		return nil
	}
	if c.dec.PeekKind() != '[' {
		c.wrongType("turns", "an array")
		return nil
	}
	var turns []Turn
	c.array(func(i int) {
		path := "turns." + strconv.Itoa(i)
		if k := c.dec.PeekKind(); k != '{' {
			c.wrongType(path, "an object")
			return
		}
		turns = append(turns, c.turn(e, path+"."))
	})
	return turns
}

func (c *cursor) turn(e *Event, prefix string) Turn {
	var t Turn
	c.object(func(name []byte) {
		switch string(name) {
		case "role":
			t.Role = c.string(prefix + "role")
		case "text":
			t.Text = c.string(prefix + "text")
		case "at":
			t.At = c.optionalTime(prefix+"at", BadTurns)
		default:
			c.unknown(e, prefix, name)
		}
	})
	return t
}
