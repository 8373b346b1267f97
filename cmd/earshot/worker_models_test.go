package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"earshot/pipeline"
	"earshot/pipeline/registry"
	"earshot/sentiment/model"
	"earshot/sinks/clickhouse"
)

// modelStoreFuncs are storedModels made of functions.
type modelStoreFuncs struct {
	places   func() ([]registry.Entry, error)
	artefact func(version string) ([]byte, error)
}

var _ storedModels = modelStoreFuncs{}

func (f modelStoreFuncs) ModelPlaces(context.Context) ([]registry.Entry, error) { return f.places() }

func (f modelStoreFuncs) ModelArtefact(_ context.Context, version string) (string, []byte, error) {
	data, err := f.artefact(version)
	return version, data, err
}

// smallModel is a model of its own with its artefact.
func smallModel(t *testing.T, good string) (version string, artefact []byte) {
	t.Helper()
	var examples []model.Example
	for range 12 {
		examples = append(examples, model.Example{Text: good, Class: model.Positive}, model.Example{Text: "beige", Class: model.Negative})
	}
	m, _, err := model.Train(t.Context(), examples, model.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := m.Write(&out); err != nil {
		t.Fatal(err)
	}
	return m.Version, out.Bytes()
}

// keeperRig is a keeper with a store in memory.
type keeperRig struct {
	keeper    *modelKeeper
	places    []registry.Entry
	artefacts map[string][]byte
	down      error
	behind    bool
	log       bytes.Buffer
}

func newKeeperRig() *keeperRig {
	r := &keeperRig{artefacts: map[string][]byte{}}
	r.keeper = &modelKeeper{
		store: modelStoreFuncs{
			places: func() ([]registry.Entry, error) { return r.places, r.down },
			artefact: func(version string) ([]byte, error) {
				if r.artefacts[version] == nil {
					return nil, clickhouse.ErrNoArtefact
				}
				return r.artefacts[version], nil
			},
		},
		build: func(m *model.Model) (pipeline.Analyzer, error) {
			return pipeline.NewTextAnalyzer(pipeline.AnalyzerOptions{Pack: "general", Model: m})
		},
		tell: func(_ string, behind bool) { r.behind = behind },
		log:  slog.New(slog.NewTextHandler(&r.log, nil)),
	}
	return r
}

func (r *keeperRig) put(version string, artefact []byte) {
	r.places = append(r.places, registry.Entry{Decision: registry.PutInPlace, Version: version})
	if artefact != nil {
		r.artefacts[version] = artefact
	}
}

// A version that cannot be used, whatever is wrong with it, changes nothing, is said
// once, and does not stop a worker that starts: that takes the one before.
func TestKeeperTakesWhatIsInPlace(t *testing.T) {
	a, dataA := smallModel(t, "teal")
	b, dataB := smallModel(t, "violet")
	base, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.Clone(dataB)
	newer[len("EARSHOT-SENTIMENT")]++
	for name, c := range map[string]struct {
		put    func(r *keeperRig)
		want   string
		behind bool
		says   string
	}{
		"nothing":          {func(*keeperRig) {}, base.Version, false, "the shipped one scores"},
		"one":              {func(r *keeperRig) { r.put(a, dataA) }, a, false, "version=" + a},
		"two":              {func(r *keeperRig) { r.put(a, dataA); r.put(b, dataB) }, b, false, "version=" + b},
		"the shipped one":  {func(r *keeperRig) { r.put(a, dataA); r.put(base.Version, nil) }, base.Version, false, "version=" + base.Version},
		"damaged":          {func(r *keeperRig) { r.put(a, dataA); r.put(b, dataB[:len(dataB)-9]) }, a, true, "damaged"},
		"foreign":          {func(r *keeperRig) { r.put(a, dataA); r.put(b, []byte("PK\x03\x04")) }, a, true, "not a sentiment model"},
		"newer":            {func(r *keeperRig) { r.put(a, dataA); r.put(b, newer) }, a, true, "format 3, this program reads 2"},
		"another's":        {func(r *keeperRig) { r.put(a, dataA); r.put("0123456789ab", dataB) }, a, true, "its card says"},
		"without artefact": {func(r *keeperRig) { r.put(a, dataA); r.put(b, nil) }, a, true, "no model of that version"},
		"both bad":         {func(r *keeperRig) { r.put(a, nil); r.put(b, []byte{}) }, base.Version, true, "version=" + b},
	} {
		for _, running := range []bool{false, true} {
			if running && name == "both bad" {
				continue // the one before was good when it was taken
			}
			r := newKeeperRig()
			if running { // the worker saw one line after the other
				c.put(r)
				all := r.places
				r.places = all[:max(0, len(all)-1)]
				err = r.keeper.start(t.Context())
				r.places = all
			} else {
				c.put(r)
				err = r.keeper.start(t.Context())
			}
			for range 3 {
				err = errors.Join(err, r.keeper.look(t.Context()))
			}
			if err != nil || r.keeper.version != c.want || r.behind != c.behind {
				t.Errorf("%s, running %v: %s scores, behind %v, %v; want %s", name, running, r.keeper.version, r.behind, err, c.want)
			}
			if n := strings.Count(r.log.String(), "cannot be used"); (n > 0) != c.behind || n > 2 || !strings.Contains(r.log.String(), c.says) {
				t.Errorf("%s, running %v: the log does not say %q once:\n%s", name, running, c.says, &r.log)
			}
		}
	}
}

// A store that does not answer is asked again, and going back from a bad version
// is heard of.
func TestKeeperGoesOn(t *testing.T) {
	a, dataA := smallModel(t, "teal")
	b, dataB := smallModel(t, "violet")
	r := newKeeperRig()
	r.down = errors.New("no answer")
	if err := r.keeper.start(t.Context()); err == nil {
		t.Fatal("started without an answer")
	}
	r.down = nil
	r.put(a, dataA)
	step := func(want string, behind, fails bool) {
		t.Helper()
		if err := r.keeper.look(t.Context()); (err != nil) != fails || r.keeper.version != want || r.behind != behind {
			t.Errorf("%s scores, behind %v, %v; want %s, %v", r.keeper.version, r.behind, err, want, behind)
		}
	}
	if err := r.keeper.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.put(b, dataB)
	r.down = errors.New("no answer")
	step(a, false, true)
	r.down = nil
	step(b, false, false)
	r.put("ffffffffffff", []byte("?"))
	step(b, true, false)
	r.places = append(r.places, registry.Entry{Decision: registry.RolledBack, Version: b})
	step(b, false, false)
	r.put("ffffffffffff", nil) // somebody insists
	step(b, true, false)
	r.put(a, nil)
	step(a, false, false)
}
