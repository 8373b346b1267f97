package export

import (
	"bytes"
	"encoding/csv"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestSafeCell(t *testing.T) {
	for _, c := range []struct{ cell, want string }{
		{"", ""},
		{"good food", "good food"},
		{"a=b", "a=b"},
		{"2+2", "2+2"},
		{"12.5", "12.5"},
		{"ann@x.example", "ann@x.example"},
		{"=1+1", "'=1+1"},
		{"+49 30 1234", "'+49 30 1234"},
		{"-3", "'-3"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t=1"},
		{"\ttab", "'\ttab"},
		{"\rcr", "'\rcr"},
		{"\nline", "'\nline"},
		{"  =1", "'  =1"},
		{"\u00a0=1", "'\u00a0=1"},
		{`"=1"`, `'"=1"`},
		{"'=1", "''=1"},
		{"'quoted'", "'quoted'"},
		{"＝1", "'＝1"},
		{"＋1", "'＋1"},
		{"－1", "'－1"},
		{"＠x", "'＠x"},
		{"\ufeff=1", "'\ufeff=1"},
		{"\u200b=1", "'\u200b=1"},
		{"\x00=1", "'\x00=1"},
	} {
		if got := SafeCell(c.cell); got != c.want {
			t.Errorf("%q became %q, want %q", c.cell, got, c.want)
		}
	}
}

func TestCSVBytes(t *testing.T) {
	var b bytes.Buffer
	w := NewCSV(&b, CSVOptions{BOM: true})
	for _, row := range [][]string{{"a", "b,c", `d"e`}, {"", "two\r\nlines", " space "}, {"\xff", "=1"}} {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffa,\"b,c\",\"d\"\"e\"\r\n,\"two\r\nlines\",\" space \"\r\n\ufffd,'=1\r\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// Figures stay figures in a column of figures; whatever else stands there does not.
func TestCSVFigures(t *testing.T) {
	var b bytes.Buffer
	w := NewCSV(&b, CSVOptions{Numeric: []bool{true, false}})
	for _, cell := range []string{"-2.36", "+1.5e-07", "12", "-", "-Inf", "=1", "-1+1", "+49 30", "-0x1p-2"} {
		if err := w.Write([]string{cell, cell}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "-2.36,'-2.36 +1.5e-07,'+1.5e-07 12,12 '-,'- '-Inf,'-Inf '=1,'=1 '-1+1,'-1+1 '+49 30,'+49 30 '-0x1p-2,'-0x1p-2"
	if got := strings.Join(strings.Split(strings.TrimSpace(b.String()), "\r\n"), " "); got != want {
		t.Errorf("%s, expected %s", got, want)
	}
}

// formula is the rule that a checker of such files applies.
var formula = regexp.MustCompile("^[\\s\"'\ufeff]*[=+\\-@＝＋－＠]|^[\t\r\n]")

// checkRow writes one row and reads it with another CSV reader: the cells are
// there, unchanged but for the apostrophe, and none starts a formula.
func checkRow(row []string) error {
	var b bytes.Buffer
	w := NewCSV(&b, CSVOptions{})
	if err := errors.Join(w.Write(row), w.Flush()); err != nil {
		return err
	}
	if !utf8.Valid(b.Bytes()) || !strings.HasSuffix(b.String(), "\r\n") {
		return errors.New("not UTF-8, or the row does not end in CRLF")
	}
	r := csv.NewReader(&b)
	rows, err := r.ReadAll()
	if err != nil {
		return err
	}
	if len(row) == 1 && row[0] == "" { // a row of one empty cell is an empty line
		return nil
	}
	if len(rows) != 1 || len(rows[0]) != len(row) {
		return errors.New("the row fell apart")
	}
	for i, cell := range rows[0] {
		if formula.MatchString(cell) && !strings.HasPrefix(cell, "'") {
			return errors.New("a cell starts a formula: " + cell)
		}
		// encoding/csv reads CRLF in a cell as LF.
		want := strings.ReplaceAll(strings.ToValidUTF8(row[i], "\ufffd"), "\r\n", "\n")
		if cell != want && cell != "'"+want {
			return errors.New("a cell changed: " + cell)
		}
	}
	return nil
}

func TestCSVProperties(t *testing.T) {
	alphabet := slices.Concat([]rune("=+-@＝＋－＠\t\r\n '\",;a1\u00a0\ufeff\u200b"), []rune{0})
	cell := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom(alphabet)))
	rapid.Check(t, func(t *rapid.T) {
		if err := checkRow(rapid.SliceOfN(cell, 1, 5).Draw(t, "row")); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzCSV(f *testing.F) {
	for _, cell := range []string{"=1+1", "+49 30", "a,b", "\xff\xfe", "'@x", "\r\n-", "＝cmd|' /C calc'!A0", ""} {
		f.Add(cell, "x")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if err := checkRow([]string{a, b}); err != nil {
			t.Fatal(err)
		}
	})
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestCSVTellsOfAFullDisk(t *testing.T) {
	w := NewCSV(fullDisk{}, CSVOptions{BOM: true})
	_ = w.Write([]string{"a"}) // buffered
	if err := w.Flush(); err == nil {
		t.Error("no error")
	}
	j := NewJSONL(fullDisk{})
	_ = j.Write("a") // buffered
	if err := j.Flush(); err == nil {
		t.Error("no error")
	}
}

func TestJSONL(t *testing.T) {
	var b bytes.Buffer
	w := NewJSONL(&b)
	for _, v := range []any{map[string]string{"a": "<b> & \n"}, 7} {
		if err := w.Write(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := `{"a":"<b> & \n"}` + "\n7\n"; b.String() != want {
		t.Errorf("got %q", b.String())
	}
}
