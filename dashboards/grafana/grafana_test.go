package grafana

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

// `make docs` sets it.
var writeDashboards = flag.Bool("write-dashboards", false, "write operations.json and feedback.json anew")

func dashboards(t *testing.T) map[string]Dashboard {
	t.Helper()
	feedback, err := Feedback()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]Dashboard{"operations.json": Operations(), "feedback.json": feedback}
}

// The files that Grafana reads are what this package makes.
func TestDashboardsAreWritten(t *testing.T) {
	for file, d := range dashboards(t) {
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(d); err != nil {
			t.Fatal(err)
		}
		if *writeDashboards {
			if err := os.WriteFile(file, want.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not what the code says: `make docs` writes it anew", file)
		}
	}
}

// No panel lies on another one, and each has a title and a question.
func TestPanels(t *testing.T) {
	for file, d := range dashboards(t) {
		taken := map[[2]int]string{}
		titles := map[string]bool{}
		for _, p := range d.Panels {
			if p.Title == "" || titles[p.Title] || p.Type != "row" && len(p.Targets) == 0 {
				t.Errorf("%s: panel %q: no title of its own, or no question", file, p.Title)
			}
			titles[p.Title] = true
			at := p.GridPos
			if at.W < 1 || at.H < 1 || at.X+at.W > gridWidth {
				t.Errorf("%s: panel %q does not fit: %+v", file, p.Title, at)
			}
			for x := at.X; x < at.X+at.W; x++ {
				for y := at.Y; y < at.Y+at.H; y++ {
					if other, there := taken[[2]int{x, y}]; there {
						t.Errorf("%s: %q lies on %q", file, p.Title, other)
					}
					taken[[2]int{x, y}] = p.Title
				}
			}
		}
	}
}
