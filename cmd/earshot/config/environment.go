package config

import (
	"os"
	"slices"
	"strings"

	"earshot/pipeline"
)

// Variables that are no settings: switches of the tests and of the engine cache.
const testPrefix = "EARSHOT_TEST_"

// bindEnvironment lays the variables over the file. A variable that is set to
// nothing counts as not set.
func (l *loader) bindEnvironment(environ []string) {
	set := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, envPrefix) && value != "" {
			set[name] = value
		}
	}
	for _, k := range l.keys {
		l.bindVariable(k, set)
	}
	l.knownVariablesOnly(set)
}

func (l *loader) bindVariable(k Key, set map[string]string) {
	names := []string{k.Env}
	if k.Short != "" {
		names = append(names, k.Short)
	}
	from := ""
	for _, name := range names {
		switch {
		case set[name] == "":
		case from != "" && set[name] != set[from]:
			l.fail("%s and %s disagree: set one of them", from, name)
		case from == "":
			from = name
		}
	}
	if from != "" {
		if err := l.v.BindEnv(k.Path, from); err != nil {
			l.fail("%s: %v", from, err)
		}
		l.out.Origin[k.Path] = from
	}
	if k.Secret {
		l.readSecret(k, from, set)
	}
}

// readSecret takes the value from the file that a *_FILE variable names.
func (l *loader) readSecret(k Key, from string, set map[string]string) {
	name := k.Env + fileSuffix
	path := set[name]
	if path == "" {
		return
	}
	if from != "" {
		l.fail("%s and %s are both set: keep one of them", from, name)
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		l.fail("%s: %v", name, err)
		return
	}
	section, last, _ := strings.Cut(k.Path, ".")
	layer := map[string]any{section: map[string]any{last: strings.TrimSpace(string(data))}}
	if err := l.v.MergeConfigMap(layer); err != nil {
		l.fail("%s: %v", name, err)
		return
	}
	l.out.Origin[k.Path] = name
}

// knownVariablesOnly refuses misspelt variables: they would do nothing in silence.
func (l *loader) knownVariablesOnly(set map[string]string) {
	known := Variables()
	var unknown []string
	for name := range set {
		if !slices.Contains(known, name) && !strings.HasPrefix(name, testPrefix) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		if near := pipeline.Nearest(name, known); near != "" {
			l.fail("unknown variable %s: did you mean %s?", name, near)
		} else {
			l.fail("unknown variable %s: `earshot config show` lists the keys, EARSHOT_ and the key in capitals is its variable", name)
		}
	}
}

// Variables lists every EARSHOT_* variable that means something.
func Variables() []string {
	names := []string{configVar}
	for _, k := range Keys() {
		names = append(names, k.Env)
		if k.Short != "" {
			names = append(names, k.Short)
		}
		if k.Secret {
			names = append(names, k.Env+fileSuffix)
		}
	}
	return names
}
