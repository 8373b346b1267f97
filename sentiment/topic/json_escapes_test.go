package topic

import (
	"strings"
	"testing"
)

// JSON writers escape what YAML's reader does not take.
func TestPacksInJSON(t *testing.T) {
	file := `{
	"pack": "own",
	"topics": {"a": {"phrases": ["a\/c", "caf\u00e9", "say \\\/ so"], "match": ["so angry \ud83d\ude21, no a\/c", "C:\\u2014 caf\u00e9"]}}
}`
	d, err := ParseDefinition(File{Name: "own.json", Data: []byte("\ufeff" + file)})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Topics["a"].Match, []string{"so angry 😡, no a/c", `C:\u2014 café`}; strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("examples %q, want %q", got, want)
	}
	if got, want := d.Topics["a"].Phrases, []string{"a/c", "café", `say \/ so`}; strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("phrases %q, want %q", got, want)
	}
	_, err = ParseDefinition(File{Name: "own.json", Data: []byte(strings.Replace(file, `"phrases"`, `"phrase"`, 1))})
	if err == nil || !strings.HasPrefix(err.Error(), "own.json:3: ") {
		t.Errorf("a mistake is told as %v", err)
	}
}

func TestMistakesOfLongPhrasesAreShort(t *testing.T) {
	_, err := parsePhrase(strings.Repeat("wörd ", 100_000), nil)
	if err == nil || len(err.Error()) > 300 || !strings.Contains(err.Error(), "more than 12 places") {
		t.Errorf("%.400v", err)
	}
}
