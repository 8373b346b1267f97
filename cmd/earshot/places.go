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
