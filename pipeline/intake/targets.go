package intake

import (
	"strings"

	"earshot/pipeline"
)

// kind is what a field of the contract holds, and so how a cell is read.
type kind int

const (
	text kind = iota
	number
	boolean
	instant
	raw // JSON as it is
)

// target is a field of the event contract that a column can be mapped to.
type target struct {
	path string
	kind kind
}

// targets are the fields in the order of the contract; those of one object
// stand together.
var targets = []target{
	{"id", text}, {"source", text}, {"platform", text}, {"occurred_at", instant},
	{"title", text}, {"text", text}, {"language", text},
	{"rating", number}, {"rating.value", number}, {"rating.min", number}, {"rating.max", number},
	{"survey", raw}, {"survey.csat", number}, {"survey.nps", number}, {"survey.ces", number}, {"survey.question", text},
	{"customer", text}, {"customer.id", text}, {"customer.name", text}, {"customer.email", text},
	{"customer.phone", text}, {"customer.segment", text}, {"customer.value", number},
	{"location", text}, {"product", text}, {"team", text}, {"agent", text},
	{"contact", raw}, {"contact.thread_id", text}, {"contact.direction", text}, {"contact.opened_at", instant},
	{"contact.first_response_at", instant}, {"contact.resolved_at", instant}, {"contact.resolved", boolean},
	{"turns", raw},
}

const attributePrefix = "attributes."

// targetIndex finds a path in targets; -1 if it is none.
func targetIndex(path string, fold bool) int {
	for i := range targets {
		if targets[i].path == path || fold && strings.EqualFold(targets[i].path, path) {
			return i
		}
	}
	return -1
}

// checkTarget refuses what is neither a field of the contract nor an attribute.
func checkTarget(path string) error {
	if targetIndex(path, false) >= 0 || strings.HasPrefix(path, attributePrefix) && len(path) > len(attributePrefix) {
		return nil
	}
	names := make([]string, len(targets))
	for i := range targets {
		names[i] = targets[i].path
	}
	if near := pipeline.Nearest(path, names); near != "" {
		return mappingErrorf("%q is no field of the event contract; did you mean %q? To keep it anyway: attributes.%s", path, near, path)
	}
	return mappingErrorf("%q is no field of the event contract (docs/events.md); to keep it anyway: attributes.%s", path, path)
}
