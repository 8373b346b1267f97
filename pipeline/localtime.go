package pipeline

import (
	"time"

	"earshot/sentiment/topic"
)

// Places tell where feedback comes from: the time zone of each location and when it
// is open. They are read-only once made; nil stands for UTC everywhere.
type Places struct {
	Zone *time.Location    // of locations without one of their own; nil: UTC
	ByID map[string]*Place // by Event.Location
}

// Place is one location.
type Place struct {
	Zone  *time.Location // nil: that of Places
	Hours *OpeningHours  // nil: unknown
}

// ZoneOf is the time zone of a location, never nil.
func (p *Places) ZoneOf(location string) *time.Location {
	if p == nil {
		return time.UTC
	}
	if at := p.ByID[location]; at != nil && at.Zone != nil {
		return at.Zone
	}
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// OpeningAt says how a local time stands to the opening hours of a location, 0 where
// they are not known.
func (p *Places) OpeningAt(location string, local time.Time) topic.Opening {
	if p == nil || local.IsZero() {
		return 0
	}
	at := p.ByID[location]
	if at == nil || at.Hours == nil {
		return 0
	}
	return at.Hours.At(local)
}

// LocalTime is the wall clock where the event happened: an occurred_at that came
// with an offset of its own keeps it, one in UTC is converted to the zone of the
// event's location.
func LocalTime(e *Event, p *Places) time.Time {
	if _, offset := e.OccurredAt.Zone(); offset != 0 {
		return e.OccurredAt
	}
	return e.OccurredAt.In(p.ZoneOf(e.Location))
}

// MomentOf is what is known of an event beside its words.
func MomentOf(e *Event, p *Places) topic.Moment {
	at := topic.Moment{Source: e.Source}
	if !e.OccurredAt.IsZero() {
		at.Local = LocalTime(e, p)
		at.Opening = p.OpeningAt(e.Location, at.Local)
	}
	return at
}

// HourOfWeek numbers the hours of a week from Monday 00:00 (0) to Sunday 23:00
// (167), by t's own wall clock.
func HourOfWeek(t time.Time) uint8 {
	weekday := (int(t.Weekday()) + 6) % 7 // Monday is 0
	return uint8(weekday*24 + t.Hour())
}
