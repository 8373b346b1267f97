package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"earshot/pipeline"
)

// TestEncodedAsByEncodingJSON fails, too, when a field is added to the answer and not
// to its encoder.
func TestEncodedAsByEncodingJSON(t *testing.T) {
	fill := rapid.Custom(func(t *rapid.T) pipeline.Answer {
		var a pipeline.Answer
		fillAny(t, reflect.ValueOf(&a.Analysis).Elem())
		fillAny(t, reflect.ValueOf(&a.Aspects).Elem())
		return a
	})
	rapid.Check(t, func(t *rapid.T) {
		a := fill.Draw(t, "answer")
		if got, want := string(appendAnalysis([]byte("{"), &a.Analysis)), string(appendJSON(nil, a.Analysis)); got != want {
			t.Fatalf("analysis:\n%s\n%s", got, want)
		}
		if got, want := string(appendAspects(nil, a.Aspects)), string(appendJSON(nil, a.Aspects)); got != want {
			t.Fatalf("aspects:\n%s\n%s", got, want)
		}
	})
}

// fillAny sets every field that JSON shows to anything.
func fillAny(t *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fillAny(t, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(0, 3).Draw(t, "length"), 3))
		for i := range v.Len() {
			fillAny(t, v.Index(i))
		}
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "set") {
			v.Set(reflect.New(v.Type().Elem()))
			fillAny(t, v.Elem())
		}
	case reflect.Float64:
		v.SetFloat(rapid.OneOf(rapid.Just(0.0), decimal, rapid.Float64Range(-1, 1), rapid.Float64Range(-1e25, 1e25), rapid.Float64Range(0, 1e-5)).Draw(t, "number"))
	case reflect.Int:
		v.SetInt(int64(rapid.Int().Draw(t, "whole")))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "yes"))
	case reflect.String:
		v.SetString(rapid.OneOf(rapid.StringMatching(`[a-z._@ ]*`), rapid.String()).Draw(t, "text"))
	default:
		t.Fatalf("a field of kind %v", v.Kind())
	}
}

// decimal has few decimals, or a little more or less than that.
var decimal = rapid.Custom(func(t *rapid.T) float64 {
	x := float64(rapid.Int64Range(-2e15, 2e15).Draw(t, "units")) / 1e4
	if rapid.Bool().Draw(t, "small") {
		x = float64(rapid.IntRange(-20000, 20000).Draw(t, "few")) / rapid.SampledFrom([]float64{1, 10, 100, 1e3, 1e4, 1e5}).Draw(t, "of")
	}
	return rapid.SampledFrom([]float64{x, math.Nextafter(x, 0), math.Nextafter(x, 10)}).Draw(t, "near")
})

// TestUnescapedAsByEncodingJSON: strings are read without the decoder where they can be.
func TestUnescapedAsByEncodingJSON(t *testing.T) {
	piece := rapid.SampledFrom([]string{`a`, `é`, `\n`, `\"`, `\\`, `\/`, `\t`, `\r`, `\b`, `\f`, `\u00e9`, `\ud800`, ` `})
	rapid.Check(t, func(t *rapid.T) {
		value := []byte(`"` + strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), "") + `"`)
		var want string
		if err := json.Unmarshal(value, &want); err != nil {
			t.Fatal(err)
		}
		if got, ok := unescaped(value); ok && got != want || ok == bytes.Contains(value, []byte(`\u`)) {
			t.Fatalf("%s: %q, %v, want %q", value, got, ok, want)
		}
	})
}

// TestSplitAsByDecoder: the two readers of an object agree, on what is none, too.
func TestSplitAsByDecoder(t *testing.T) {
	seeds := []string{`{}`, ` { "a" : 1 , "b":"x\\\"}" } `, `{"a\"b":{"c":["]}",{}]},"é\u00e9":null}`, `{"a":1}{}`, `[1]`, `{"a":}`, `"x"`, ``, `{"a":"\ud800"}`, `{"\\":-1.5e3,"":true}`,
		`{"a":-0.5,"b":"x\n\"y","c":true, "d":null,"e":false,"f":10}`, "{\"a\":\"b\tc\"}", "\t{\"n\":0}\r\n"}
	rapid.Check(t, func(t *rapid.T) {
		data := []byte(rapid.SampledFrom(seeds).Draw(t, "object"))
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(data)).Draw(t, "at")
			put := rapid.StringMatching(`[{}\[\]",: \\an10.e\-\t]{0,2}`).Draw(t, "put")
			data = append(data[:at:at], append([]byte(put), data[min(at+1, len(data)):]...)...)
		}
		got, err := splitObject(nil, data)
		want, wantErr := splitAny(nil, data)
		if (err == nil) != (wantErr == nil) || err != nil && !errors.As(err, new(*pipeline.Reject)) {
			t.Fatalf("%q: %v, by the decoder %v", data, err, wantErr)
		}
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %q, by the decoder %q", data, got, want)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte(`{"text":"a \"b\" {","n":[1,{"x":"]"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := splitObject(nil, data)
		want, wantErr := splitAny(nil, data)
		if (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %q %v, by the decoder %q %v", data, got, err, want, wantErr)
		}
		for _, m := range got {
			if !json.Valid(m.value) {
				t.Fatalf("%q: value %q", data, m.value)
			}
		}
	})
}

// TestTimeOfDayAsByParse: a time of the usual form is read where it stands, all others as before.
func TestTimeOfDayAsByParse(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"2026-07-03T19:30:00+02:00", "2026-07-03T19:30:00Z", "2026-07-03T19:30:00.25-07:30", "2026-07-03T19:30:00+00:00",
		"2026-02-30T19:30:00Z", "2026-07-03T9:30:00Z", "2026-07-03T19:30:00,5Z", "2026-07-03T19:30:00+25:00", `2026-07-03T19:30:00\/Z`} {
		want, err := time.ParseInLocation(time.RFC3339, text, zone)
		got := timeOfDay([]byte(`"`+text+`"`), time.Time{}, zone)
		if _, offset := got.Zone(); err != nil && !got.IsZero() || err == nil && (!got.Equal(want) || offset != offsetOf(want)) {
			t.Errorf("%s: %v, want %v (%v)", text, got, want, err)
		}
	}
	local := timeOfDay([]byte(`"2026-07-03T19:30:00"`), time.Time{}, zone)
	if want := time.Date(2026, 7, 3, 19, 30, 0, 0, zone); !local.Equal(want) {
		t.Errorf("without an offset: %v, want %v", local, want)
	}
}

func offsetOf(t time.Time) int {
	_, offset := t.Zone()
	return offset
}
