package pipeline

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

// update writes the generated documents: go generate ./pipeline.
var update = flag.Bool("update-schema", false, "write docs/schema")

//go:generate go test -run TestSchemaFiles -update-schema .

// The documents under docs/schema are what the types say today.
func TestSchemaFiles(t *testing.T) {
	dir := filepath.Join("..", "docs", "schema")
	for name, want := range map[string][]byte{"event.schema.json": EventSchema(), "asyncapi.json": AsyncAPI()} {
		path := filepath.Join(dir, name)
		if *update {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v; run go generate ./pipeline", err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s is stale; run go generate ./pipeline", path)
		}
	}
}

func compiledSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(EventSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("event.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func schemaAccepts(t testing.TB, s *jsonschema.Schema, text string) bool {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return false
	}
	return s.Validate(v) == nil
}

// Where a schema can say it, it refuses what Decode refuses.
func TestSchemaRefusesWhatDecodeRefuses(t *testing.T) {
	s := compiledSchema(t)
	// Not for a schema: the clock, sizes, duplicate names, scales, envelopes.
	beyond := []string{"future", "past", "over 1 MiB", "resolved_at in 2099", "too deep", "rating huge",
		"rating inverted", "rating outside", "rating infinite max", "id too long", "two objects", "duplicate name inside"}
	for _, c := range rejectCases() {
		if slices.Contains(beyond, c.name) || strings.HasPrefix(c.name, "CloudEvent") {
			continue
		}
		if c.name != "very deep" && c.reason != BadEncoding && schemaAccepts(t, s, c.text) {
			t.Errorf("%s: the schema accepts %s, Decode: %s", c.name, excerpt(c.text), c.reason)
		}
	}
}

// What Decode writes, the schema accepts; so it does the sample.
func TestSchemaAcceptsWhatDecodeAccepts(t *testing.T) {
	s := compiledSchema(t)
	if _, reject := decodeText(sampleEvent); reject != nil || !schemaAccepts(t, s, sampleEvent) {
		t.Errorf("sample: %v", reject)
	}
	for _, text := range acceptedTexts() {
		if _, reject := decodeText(text); reject != nil || !schemaAccepts(t, s, text) {
			t.Errorf("%s: Decode %v, schema %v", text, reject, schemaAccepts(t, s, text))
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		text, err := json.Marshal(drawEvent(r))
		if err != nil {
			r.Fatal(err)
		}
		if !schemaAccepts(t, s, string(text)) {
			r.Fatalf("refused %s", text)
		}
	})
}

func acceptedTexts() []string {
	var texts []string
	for _, members := range []string{
		`"rating":1`, `"rating":5.0`, `"rating":{"value":7,"min":0,"max":10,"label":"good"}`, `"rating":null`,
		`"survey":{"csat":4.0,"nps":0,"ces":7}`, `"customer":"c-1"`, `"customer":{"id":"c","vip":true}`, `"customer":null`,
		`"contact":{"direction":"outbound","opened_at":"2026-07-01T10:00:00.123-05:30","resolved":true}`, `"contact":{"direction":""}`,
		`"turns":[{"role":"bot"},{"role":"agent","text":"hi","at":null}]`, `"turns":[]`, `"attributes":{"a":[1],"b":null}`,
		`"language":"zh-Hant-TW"`, `"language":"en_US"`, `"language":null`, `"unknown":{"a":1}`,
	} {
		texts = append(texts, withMembers(members))
	}
	return texts
}

// Every field has a rule, and every rule a field.
func TestSchemaRulesCoverTheEvent(t *testing.T) {
	var fields []string
	var walk func(prefix string, s reflect.Type)
	walk = func(prefix string, s reflect.Type) {
		for i := range s.NumField() {
			name, _, _ := strings.Cut(s.Field(i).Tag.Get("json"), ",")
			fields = append(fields, prefix+name)
			inner := s.Field(i).Type
			if k := inner.Kind(); k == reflect.Pointer || k == reflect.Slice {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct && inner.PkgPath() == s.PkgPath() {
				walk(prefix+name+".", inner)
			}
		}
	}
	walk("", reflect.TypeFor[Event]())
	rules := schemaRules()
	for _, f := range fields {
		if rules[f] == nil {
			t.Errorf("no rule for %s", f)
		}
	}
	if len(rules) != len(fields) {
		t.Errorf("%d rules for %d fields", len(rules), len(fields))
	}
}

// The AsyncAPI document holds a sound schema and no dangling reference.
func TestAsyncAPI(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal(AsyncAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if to, ok := v["$ref"].(string); ok && !resolves(doc, to) {
				t.Errorf("dangling reference %s", to)
			}
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(doc)
	c := jsonschema.NewCompiler()
	if err := c.AddResource("asyncapi.json", doc); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"event", "cloudEvent"} {
		if _, err := c.Compile("asyncapi.json#/components/schemas/" + name); err != nil {
			t.Error(err)
		}
	}
}

func resolves(doc any, ref string) bool {
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		m, ok := doc.(map[string]any)
		if !ok || m[part] == nil {
			return false
		}
		doc = m[part]
	}
	return true
}
