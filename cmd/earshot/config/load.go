package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"earshot/pipeline"
)

// Loaded is a valid configuration and where each value came from.
type Loaded struct {
	Config
	File   string            // the configuration file that was read, or ""
	Origin map[string]string // key path -> "default", file, variable, flag or endpoints file
}

// DefaultFile is read from the working directory if it is there.
const DefaultFile = "earshot.yaml"

// configKey marks a flag with the key it sets.
const configKey = "earshot_config_key"

// AddFlags registers the flags that every command has.
func AddFlags(flags *pflag.FlagSet) {
	flags.String("config", "", "configuration `FILE`; without it earshot.yaml in this folder, if there")
	flags.String("data", "", "`DIR` of an earshot up: its endpoints.json gives the addresses")
	flags.StringSlice("kafka", nil, "Kafka brokers, `HOST:PORT`, several with commas")
	flags.String("clickhouse", "", "ClickHouse `URL`, clickhouse://user@host:9000/earshot")
	BindFlag(flags, "data", "data")
	BindFlag(flags, "kafka", "kafka.brokers")
	BindFlag(flags, "clickhouse", "clickhouse.url")
}

// BindFlag lets a flag of a command set a configuration key. Both must exist.
func BindFlag(flags *pflag.FlagSet, flag, key string) {
	if err := flags.SetAnnotation(flag, configKey, []string{key}); err != nil {
		panic(err) // a flag that is not defined: a mistake in the program
	}
}

// Load builds the configuration from the flags of a command, the environment
// and the file, and validates it. A mistake of the user is an *InvalidError.
func Load(flags *pflag.FlagSet) (*Loaded, error) {
	l := &loader{
		v:    viper.New(),
		keys: Keys(),
		out:  &Loaded{Config: Default(), Origin: map[string]string{}},
	}
	l.readFile(flags)
	l.bindEnvironment(os.Environ())
	l.bindFlags(flags)
	l.assignAll()
	if len(l.problems) == 0 { // else the values are not the user's
		if err := l.out.fillEndpoints(); err != nil {
			l.problems = append(l.problems, err.Error())
		}
		l.problems = append(l.problems, l.out.check()...)
	}
	if len(l.problems) > 0 {
		return nil, &InvalidError{Problems: l.problems}
	}
	return l.out, nil
}

// loader collects the layers; each later one wins over those before it.
type loader struct {
	v        *viper.Viper
	keys     []Key
	out      *Loaded
	problems []string
}

func (l *loader) fail(format string, args ...any) {
	l.problems = append(l.problems, fmt.Sprintf(format, args...))
}

func (l *loader) key(path string) (Key, bool) {
	for _, k := range l.keys {
		if k.Path == path {
			return k, true
		}
	}
	return Key{}, false
}

// readFile reads the file of --config or EARSHOT_CONFIG, which must exist, or
// earshot.yaml if there is one.
func (l *loader) readFile(flags *pflag.FlagSet) {
	name, origin := "", ""
	if f := flags.Lookup("config"); f != nil && f.Changed {
		name, origin = f.Value.String(), "--config"
	} else if env := os.Getenv(configVar); env != "" {
		name, origin = env, configVar
	}
	optional := name == ""
	if optional {
		name = DefaultFile
	}
	data, err := os.ReadFile(name)
	if optional && errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		l.fail("%s: %v", origin, err)
		return
	}
	l.v.SetConfigType("yaml")
	if err := l.v.ReadConfig(bytes.NewReader(data)); err != nil {
		l.fail("%s: %v", name, oneLine(err))
		return
	}
	l.out.File = name
	l.knownKeysOnly(name)
}

func (l *loader) knownKeysOnly(file string) {
	for _, path := range l.v.AllKeys() { // of the file: nothing else is bound yet
		if _, ok := l.key(path); ok {
			continue
		}
		if l.isSection(path) {
			if l.v.Get(path) != nil { // an empty section is no mistake
				l.fail("%s in %s: expected a section with keys below it", path, file)
			}
			continue
		}
		l.fail("unknown key %s in %s%s", path, file, l.suggestKey(path))
	}
}

func (l *loader) isSection(path string) bool {
	for _, k := range l.keys {
		if strings.HasPrefix(k.Path, path+".") {
			return true
		}
	}
	return false
}

// suggestKey looks for the nearest key: by its whole path, else by its last part.
func (l *loader) suggestKey(path string) string {
	var paths, ends []string
	for _, k := range l.keys {
		paths = append(paths, k.Path)
		ends = append(ends, k.Path[strings.LastIndex(k.Path, ".")+1:])
	}
	near := pipeline.Nearest(path, paths)
	if near == "" {
		end := pipeline.Nearest(path[strings.LastIndex(path, ".")+1:], ends)
		for i := range ends {
			if end != "" && ends[i] == end {
				near = paths[i]
				break
			}
		}
	}
	if near == "" {
		return ": `earshot config show` lists the keys"
	}
	return ": did you mean " + near + "?"
}

// bindFlags gives the flags that were set the last word.
func (l *loader) bindFlags(flags *pflag.FlagSet) {
	flags.Visit(func(f *pflag.Flag) {
		paths := f.Annotations[configKey]
		if len(paths) == 0 {
			return
		}
		if _, ok := l.key(paths[0]); !ok {
			panic("flag --" + f.Name + " is bound to the unknown key " + paths[0])
		}
		if err := l.v.BindPFlag(paths[0], f); err != nil {
			l.fail("--%s: %v", f.Name, err)
			return
		}
		l.out.Origin[paths[0]] = "--" + f.Name
	})
}

// assignAll moves what the layers hold into the Config.
func (l *loader) assignAll() {
	for _, k := range l.keys {
		raw := l.v.Get(k.Path)
		if raw == nil {
			l.out.Origin[k.Path] = originDefault
			continue
		}
		if l.out.Origin[k.Path] == "" {
			l.out.Origin[k.Path] = l.out.File
		}
		if err := assign(k.field(&l.out.Config), raw); err != nil {
			l.problems = append(l.problems, problem(k, k.show(raw), l.out.Origin[k.Path], err.Error()))
		}
	}
}

// check validates the values and says where each wrong one came from.
func (l *Loaded) check() []string {
	var lines []string
	for _, w := range validate(l.Config) {
		lines = append(lines, problem(w.key, w.key.Show(l.Config), l.Origin[w.key.Path], w.expected))
	}
	return lines
}

const originDefault = "default"

// oneLine flattens the lists of the YAML parser.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}
