package lint

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	pathInText = regexp.MustCompile("`((?:cmd|pipeline|sentiment|sinks|dashboards|internal|deploy|docs)/[A-Za-z0-9_./-]*|docker-compose\\.yml|Dockerfile)`")
	linkInText = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
)

// The documentation points at files that are there.
func TestDocsPointAtFiles(t *testing.T) {
	const top = "../.."
	pages, err := filepath.Glob(top + "/docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, top+"/README.md", top+"/CHANGELOG.md")
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pathInText.FindAllStringSubmatch(string(data), -1) {
			if _, err := os.Stat(filepath.Join(top, m[1])); err != nil {
				t.Errorf("%s points at %s, which is not there", filepath.Base(page), m[1])
			}
		}
		for _, m := range linkInText.FindAllStringSubmatch(string(data), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), strings.TrimSpace(m[1]))); err != nil {
				t.Errorf("%s links to %s, which is not there", filepath.Base(page), m[1])
			}
		}
	}
}
