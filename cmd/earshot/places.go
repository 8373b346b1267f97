package main

import (
	"fmt"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
	"earshot/pipeline/places"
)

// readPlaces reads the locations that the configuration names.
func readPlaces(a config.Analysis) (*pipeline.Places, error) {
	zone, err := time.LoadLocation(a.Timezone)
	if err != nil {
		return nil, fmt.Errorf("analysis.timezone: %w", err)
	}
	p, err := places.Read(a.Locations, zone)
	if err != nil {
		return nil, fmt.Errorf("analysis.locations: %w", err)
	}
	return p, nil
}

func isZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil
}

// storedTime gives a stored time the offset it came with, as far as its local hour of
// the week tells; zone is that of its location.
func storedTime(at time.Time, hour uint8, zone *time.Location) time.Time {
	const week = 7 * 24
	if pipeline.HourOfWeek(at.In(zone)) == hour {
		return at
	}
	offset := (int(hour) - int(pipeline.HourOfWeek(at.UTC())) + week) % week * 3600
	if offset > week/2*3600 {
		offset -= week * 3600
	}
	if offset == 0 { // it is none of its own: the zone would count
		if offset = 1; at.Second() == 59 {
			offset = -1
		}
	}
	return at.In(time.FixedZone("", offset))
}
