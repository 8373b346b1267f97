package artefact

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
)

type card struct{ Name string }

var errFormat = errors.New("no such file")

func file(t *testing.T, f Format) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := f.Write(&out, card{"a model"}, []byte("weights")); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWriteOpen(t *testing.T) {
	f := Format{"EARSHOT-TEST", 3, errFormat}
	var c card
	weights, err := f.Open(file(t, f), &c)
	if err != nil || string(weights) != "weights" || c.Name != "a model" {
		t.Errorf("%q %+v %v", weights, c, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	f := Format{"EARSHOT-TEST", 3, errFormat}
	good := file(t, f)
	sealed := func(b []byte) []byte {
		sum := sha256.Sum256(b)
		return append(bytes.Clone(b), sum[:]...)
	}
	body := good[:len(good)-sha256.Size]
	long := bytes.Clone(body)
	long[len(f.Magic)+7] = 0xff
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"nothing":   {nil, "no such file"},
		"short":     {good[:20], "no such file"},
		"foreign":   {file(t, Format{"EARSHOT-TOAST", 3, nil}), "no such file"},
		"newer":     {file(t, Format{f.Magic, 4, nil}), "format 4, this program reads 3"},
		"damaged":   {append([]byte(f.Magic), bytes.Replace(good[len(f.Magic):], []byte("weights"), []byte("wEights"), 1)...), "damaged"},
		"cut":       {good[:len(good)-1], "damaged"},
		"long card": {sealed(long), "card is too long"},
		"no JSON":   {sealed(bytes.Replace(body, []byte(`{"Name"`), []byte(`["Name"`), 1)), "card: "},
	} {
		var c0 card
		if _, err := f.Open(c.data, &c0); !errors.Is(err, errFormat) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

func FuzzOpen(f *testing.F) {
	format := Format{"EARSHOT-TEST", 3, errFormat}
	var out bytes.Buffer
	if err := format.Write(&out, card{"a"}, []byte("w")); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		var c card
		if _, err := format.Open(data, &c); err != nil && !errors.Is(err, errFormat) {
			t.Error(err)
		}
	})
}
