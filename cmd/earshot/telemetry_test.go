package main

import (
	"fmt"
	"strings"
	"testing"

	"earshot/internal/telemetry"
)

// The table of metrics in docs/operations.md is what the registry has.
func TestDocsMetrics(t *testing.T) {
	const begin, end = "<!-- metrics: written by `make docs` -->\n", "<!-- metrics end -->"
	page := readDocs(t, "../../docs/operations.md")
	before, rest, ok := strings.Cut(page, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("docs/operations.md has lost the marks of its table of metrics")
	}
	var b strings.Builder
	b.WriteString("| metric | kind | labels | meaning |\n| --- | --- | --- | --- |\n")
	for _, f := range telemetry.New().Families() {
		labels := ""
		if len(f.Labels) > 0 {
			labels = "`" + strings.Join(f.Labels, "`, `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, f.Kind, labels, f.Help)
	}
	compareDocs(t, "../../docs/operations.md", before+begin+b.String()+end+after)
}
