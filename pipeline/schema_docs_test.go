package pipeline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The examples of docs/events.md are events, and its table has every reason.
func TestEventsDocument(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "events.md"))
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	blocks := strings.Split(doc, "```json\n")[1:]
	if len(blocks) == 0 {
		t.Error("no examples")
	}
	for _, block := range blocks {
		example, _, _ := strings.Cut(block, "```")
		e, reject := decodeText(example)
		if reject != nil {
			t.Errorf("%v: %s", reject, example)
		} else if e.Attributes["specversion"] != "" {
			t.Errorf("not read as a CloudEvent: %s", example)
		}
	}
	for _, r := range Reasons {
		if !strings.Contains(doc, "| `"+string(r)+"` |") {
			t.Errorf("no row for %s", r)
		}
	}
	for _, c := range Channels {
		if !strings.Contains(doc, "`"+c+"`") {
			t.Errorf("no channel %s", c)
		}
	}
}
