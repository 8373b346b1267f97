package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
)

// modelLine is a line of `earshot model history --json`.
type modelLine struct {
	Decision string `json:"decision"`
	Version  string `json:"version"`
	Judged   int    `json:"judged"`
	By       string `json:"by"`
	InPlace  bool   `json:"in_place"`
}

// Ratings come in whose words the shipped model knows nothing of: the worker adapts,
// scores by what it has learned, goes back when it is told to, keeps going when a
// broken model is put in place, and is never restarted.
func TestModelAdaptsAndGoesBack(t *testing.T) {
	needEngine(t)
	in := newInstall(t)
	settings := "analysis:\n  model: auto\n  model_poll: 1s\n  adapt: 2s\n"
	if err := os.WriteFile(filepath.Join(in.cwd, "earshot.yaml"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	up := in.up()
	said(t, up, "rated", 240, func(i int) string {
		return fmt.Sprintf(`"text":"unit %d is %s","rating":%d,"customer":"c%d",`, i, []string{"amber", "turquoise"}[i%2], []int{1, 5}[i%2], i)
	})
	adopted := map[string]bool{}
	eventually(t, 2*time.Minute, "an adapted model in place", func() bool {
		for _, l := range decode[[]modelLine](t, in.must("model", "history", "--json")) {
			adopted[l.Version] = adopted[l.Version] || l.Decision == "adopted" && l.By == "earshot" && l.Judged > 0
		}
		return len(adopted) > 0 && strings.Contains(up.out.String(), "sentiment model changed")
	})
	unrated := func(i int) string { return fmt.Sprintf(`"text":"unit %d is turquoise",`, i) }
	said(t, up, "adapted", 20, unrated)
	for version := range scoredBy(up, "adapted") {
		if !adopted[version] {
			t.Errorf("rows are scored by %s, adopted are %v", version, adopted)
		}
	}
	if n := up.number("SELECT countIf(sentiment = 'positive') FROM feedback WHERE event_id LIKE 'adapted-%%'"); n < 15 {
		t.Errorf("%d of 20 texts are positive after what was learned", n)
	}

	told := in.must("model", "rollback", "--by", "kim", "--note", "a test")
	before, _, _ := strings.Cut(strings.TrimPrefix(told, "model "), " ")
	eventually(t, time.Minute, "the model before "+told, func() bool {
		return strings.Contains(up.out.String(), "by=kim") && strings.Contains(up.out.String(), `msg="sentiment model changed" version=`+before)
	})
	said(t, up, "back", 20, unrated)
	if by := scoredBy(up, "back"); len(by) != 1 || by[before] != 20 {
		t.Errorf("rows are scored by %v after going back to %s", by, before)
	}

	up.query("INSERT INTO models (decision, version, kind, by, artefact) VALUES ('put in place', 'ffffffffffff', 'train', 'nobody', 'PK')")
	eventually(t, time.Minute, "the broken model to be refused", func() bool { return strings.Contains(up.out.String(), "version=ffffffffffff") })
	said(t, up, "kept", 20, unrated)
	if by := scoredBy(up, "kept"); by[before] != 20 {
		t.Errorf("rows are scored by %v beside a broken model in place", by)
	}
	if strings.Contains(up.out.String(), "starting them anew") {
		t.Error("the workers were started anew")
	}
	in.must("audit")
}

// said sends n events of now and waits until they are stored.
func said(t *testing.T, up *running, name string, n int, fields func(i int) string) {
	t.Helper()
	now := time.Now().UTC().Format(time.RFC3339)
	messages := make([]pipeline.OutMessage, n)
	for i := range messages {
		messages[i] = pipeline.OutMessage{Key: fmt.Append(nil, i), Value: fmt.Appendf(nil,
			`{"id":"%s-%d",%s"source":%q,"language":"en","occurred_at":%q}`, name, i, fields(i), []string{"review", "survey"}[i/2%2], now)}
	}
	if err := up.producer().Send(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
	up.drained(90 * time.Second)
}

// scoredBy counts the rows of a name by the version of the model.
func scoredBy(up *running, name string) map[string]int {
	up.in.t.Helper()
	by := map[string]int{}
	for _, line := range up.query("SELECT extract(model, '^learned@([0-9a-f]+)'), count() FROM feedback WHERE event_id LIKE '%s-%%' GROUP BY 1", name) {
		var version string
		var n int
		if _, err := fmt.Sscan(line, &version, &n); err != nil {
			up.in.t.Fatalf("%q: %v", line, err)
		}
		by[version] = n
	}
	return by
}
