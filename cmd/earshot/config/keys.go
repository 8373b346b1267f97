package config

import (
	"reflect"
	"strings"
)

// Key is one setting: where it lives in the file, the environment and Config.
type Key struct {
	Path   string // "kafka.brokers"
	Env    string // "EARSHOT_KAFKA_BROKERS"
	Short  string // a shorter variable for the same key, or ""
	Help   string
	Secret bool // an address that may hold a password, or a password

	whole bool  // nothing of a secret may be shown
	index []int // of the field in Config
}

const (
	envPrefix  = "EARSHOT_"
	configVar  = "EARSHOT_CONFIG"
	fileSuffix = "_FILE" // of a variable that names a file with the secret in it
)

// Keys lists every setting in the order of Config.
func Keys() []Key {
	return appendKeys(nil, reflect.TypeFor[Config](), "", nil)
}

func appendKeys(keys []Key, t reflect.Type, prefix string, index []int) []Key {
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.IsExported() {
			continue
		}
		path := prefix + field.Tag.Get("mapstructure")
		at := append(append([]int(nil), index...), i)
		if field.Type.Kind() == reflect.Struct {
			keys = appendKeys(keys, field.Type, path+".", at)
			continue
		}
		keys = append(keys, Key{
			Path:   path,
			Env:    envPrefix + strings.ToUpper(strings.ReplaceAll(path, ".", "_")),
			Short:  shortVariable(path),
			Help:   field.Tag.Get("help"),
			Secret: field.Tag.Get("secret") != "",
			whole:  field.Tag.Get("secret") == "value",
			index:  at,
		})
	}
	return keys
}

// shortVariable mirrors the flags --kafka and --clickhouse.
func shortVariable(path string) string {
	switch path {
	case "kafka.brokers":
		return "EARSHOT_KAFKA"
	case "clickhouse.url":
		return "EARSHOT_CLICKHOUSE"
	}
	return ""
}

// Value returns what cfg holds for the key: a string, int, bool, time.Duration
// or []string.
func (k Key) Value(cfg Config) any {
	return reflect.ValueOf(cfg).FieldByIndex(k.index).Interface()
}

// Show returns the value as text, with passwords masked.
func (k Key) Show(cfg Config) string {
	return k.show(k.Value(cfg))
}

// show masks what a layer gave for the key, whatever its type.
func (k Key) show(value any) string {
	text := format(value)
	switch {
	case k.whole && text != "":
		return hidden
	case k.Secret:
		return Mask(text)
	}
	return text
}

func (k Key) field(cfg *Config) reflect.Value {
	return reflect.ValueOf(cfg).Elem().FieldByIndex(k.index)
}
