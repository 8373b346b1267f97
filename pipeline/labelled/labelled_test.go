package labelled

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"earshot/pipeline"
)

func read(t *testing.T, data []byte) (rows []Row, errs []string) {
	t.Helper()
	for row, err := range Read(bytes.NewReader(data)) {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		rows = append(rows, row)
	}
	return rows, errs
}

func TestRead(t *testing.T) {
	plain := []byte(`{"text":"a","label":"negative","other":[1]}

{"text":"b","label":null,"rating":5}
{"text":"c","rating":3}
not json
{"text":"d","label":"great"}
{"text":"e","topics":[{"topic":"food","sentiment":"positive"}]}
` + "{\"text\":\"\xff\"}\n")
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	zw.Write(plain)
	zw.Close()
	for name, data := range map[string][]byte{"plain": plain, "gzip": zipped.Bytes()} {
		rows, errs := read(t, data)
		if len(rows) != 4 || len(errs) != 3 {
			t.Fatalf("%s: %d rows, errors %q", name, len(rows), errs)
		}
		for i, want := range []pipeline.Label{pipeline.Negative, pipeline.Positive, pipeline.Neutral, ""} {
			if got, ok := rows[i].Truth(); got != want || ok != (want != "") {
				t.Errorf("%s row %d: %q %v, want %q", name, i, got, ok, want)
			}
		}
		for i, want := range []string{"line 5:", "line 6: label", "line 8: not UTF-8"} {
			if !strings.HasPrefix(errs[i], want) {
				t.Errorf("error %q, want %q…", errs[i], want)
			}
		}
	}
}

func TestReadBrokenGzip(t *testing.T) {
	if _, errs := read(t, []byte{0x1f, 0x8b, 1, 2, 3}); len(errs) != 1 {
		t.Errorf("errors %q, want one", errs)
	}
}
