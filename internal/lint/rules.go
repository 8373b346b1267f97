// Package lint keeps the rooms of the code apart: which of our packages may
// import which, and which one owns each technology. Its test runs the rules
// over the module.
package lint

import (
	"fmt"
	"slices"
	"strings"
)

// Package is what the rules need to know of a Go package.
type Package struct {
	ImportPath string
	Imports    []string // of the code; tests may reach across rooms
}

// module is the prefix of our own import paths.
const module = "earshot/"

// room says which of our packages the packages below Path may import.
type room struct {
	path    string   // without the module; "x/..." includes all below x
	imports []string // likewise
	reason  string
}

// rooms are tried in order: the first whose path matches decides.
func rooms() []room {
	return []room{
		{"sentiment/...", []string{"sentiment/..."}, "text analysis knows neither feedback nor where it is kept"},
		{"pipeline", []string{"sentiment/..."}, "the domain never imports an adapter"},
		{"pipeline/followup/...", nil, "case rules are pure, so that they can be read and tested alone"},
		{"pipeline/...", []string{"pipeline", "sentiment/...", "internal/tlsconn"}, "parts of the pipeline meet in the domain, not in each other"},
		{"sinks/...", []string{"pipeline/...", "sinks/export", "internal/tlsconn"}, "a sink takes what the pipeline gives; it knows no page and no command"},
		{"dashboards/...", []string{"dashboards/...", "sinks/clickhouse", "sinks/export", "pipeline/..."}, "the page reads through the queries of sinks/clickhouse"},
		{"internal/kafkatest", []string{"internal/testca"}, "the secure broker needs certificates"},
		{"internal/telemetry", []string{"pipeline"}, "telemetry observes the pipeline and nothing else"},
		{"internal/soak/...", []string{"internal/soak/...", "internal/embedded", "internal/kafkatest"}, "the soak judges the program from outside, by none of its own code"},
		{"internal/...", nil, "the embedded parts and the checks know nothing of what runs on them"},
		{"cmd/...", []string{"..."}, "commands wire everything"},
	}
}

// owner is the only one who may import a technology.
type owner struct {
	technology string // import path prefix
	packages   []string
	reason     string
}

func owners() []owner {
	return []owner{
		{"github.com/segmentio/kafka-go", []string{"pipeline/kafka"}, "what kafka-go gets wrong is handled in one place"},
		{"github.com/ClickHouse", []string{"sinks/clickhouse"}, "settings that exactness depends on are set in one place"},
		{"github.com/twmb/franz-go", []string{"internal/embedded", "internal/soak"}, "kfake is the embedded broker, and the soak's client must not be the one under test; nothing else uses it"},
		{"github.com/ebitengine/purego", []string{"internal/embedded"}, "native code runs in the engine's process alone"},
		{"github.com/spf13/viper", []string{"cmd/earshot/config"}, "everything else takes plain values"},
		{"github.com/spf13/cobra", []string{"cmd/earshot"}, "flags are the business of commands"},
		{"github.com/prometheus", []string{"internal/telemetry"}, "metrics have one registry and one naming"},
		{"go.opentelemetry.io", []string{"internal/telemetry"}, "the way of an event knows no tracing"},
		{"github.com/jdkato/prose", []string{"sentiment/..."}, "text analysis stays in its room"},
		{"github.com/grassmudhorses/vader-go", []string{"sentiment/..."}, "text analysis stays in its room"},
	}
}

// pure lists packages without I/O, and what would be I/O. The pipeline may name
// a folder of taxonomies (os.DirFS), which is read where they are compiled.
func pure() (packages map[string]bool, forbidden []string) {
	packages = map[string]bool{ // true: "os" is allowed
		"sentiment": false, "sentiment/model": false, "sentiment/topic": false, "sentiment/vader": false,
		"pipeline": true, "pipeline/followup": false,
	}
	return packages, []string{"net", "net/http", "os/exec", "database/sql", "syscall"}
}

// Violations lists, one line each, what breaks a rule and why the rule is there.
func Violations(packages []Package) []string {
	var found []string
	for _, p := range packages {
		own, ok := strings.CutPrefix(p.ImportPath, module)
		if !ok {
			continue
		}
		if line := badName(own); line != "" {
			found = append(found, line)
		}
		for _, imported := range p.Imports {
			found = append(found, checkImport(own, imported)...)
		}
	}
	return found
}

func checkImport(own, imported string) []string {
	var found []string
	if target, ok := strings.CutPrefix(imported, module); ok {
		if line := checkRoom(own, target); line != "" {
			found = append(found, line)
		}
	}
	for _, o := range owners() {
		if covers(o.technology+"/...", imported) && !coversAny(o.packages, own) {
			found = append(found, fmt.Sprintf("%s imports %s, which belongs to %s: %s", own, imported, strings.Join(o.packages, ", "), o.reason))
		}
	}
	packages, forbidden := pure()
	mayUseOS, isPure := packages[own]
	if isPure && (slices.Contains(forbidden, imported) || imported == "os" && !mayUseOS) {
		found = append(found, fmt.Sprintf("%s imports %s: it has no I/O of its own", own, imported))
	}
	return found
}

func checkRoom(own, target string) string {
	if covers("cmd/...", target) && !covers("cmd/...", own) {
		return fmt.Sprintf("%s imports %s: nobody imports a command", own, target)
	}
	for _, r := range rooms() {
		if !covers(r.path, own) {
			continue
		}
		if coversAny(r.imports, target) {
			return ""
		}
		return fmt.Sprintf("%s imports %s: %s", own, target, r.reason)
	}
	return fmt.Sprintf("%s is in no room: add one to internal/lint, with its reason", own)
}

// badName refuses packages named for what does not fit elsewhere.
func badName(own string) string {
	name := own[strings.LastIndex(own, "/")+1:]
	if slices.Contains([]string{"utils", "util", "common", "helpers", "helper", "misc", "shared", "base"}, name) {
		return fmt.Sprintf("%s: name a package for what it provides, not for what did not fit elsewhere", own)
	}
	return ""
}

func coversAny(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return covers(p, path) })
}

// covers matches a path with a pattern as the go command does: "x/..." is x and
// all below it, "..." is everything.
func covers(pattern, path string) bool {
	if pattern == "..." {
		return true
	}
	base, below := strings.CutSuffix(pattern, "/...")
	return path == base || below && strings.HasPrefix(path, base+"/")
}
