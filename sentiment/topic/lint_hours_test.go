package topic

import (
	"testing"
	"testing/fstest"
)

func TestLintContextsThatAlwaysHold(t *testing.T) {
	for hours, problems := range map[string]int{
		"[{from: 0, to: 24}]":                                  1,
		"[{from: 6, to: 22}, {from: 22, to: 6}]":               1,
		"[{from: 6, to: 22}, {from: 22, to: 5}]":               0,
		"[{days: [mon, tue, wed, thu, fri], from: 0, to: 24}]": 0,
		"[{from: 0, to: 24, unless: [closed]}]":                0,
	} {
		own := fstest.MapFS{"mine.yaml": {Data: []byte("pack: mine\ncontexts:\n  always:\n    hours: " + hours + "\n")}}
		found, err := Lint("mine", own)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != problems || problems > 0 && (found[0].Line != 4 || !found[0].Error) {
			t.Errorf("%s: %v", hours, found)
		}
	}
}
