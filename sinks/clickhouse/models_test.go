package clickhouse

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"earshot/pipeline/registry"
)

func openModelLog(t *testing.T, url string) *ModelLog {
	t.Helper()
	log, err := OpenModelLog(At(url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() }) // nothing is buffered
	return log
}

func TestModelLog(t *testing.T) {
	url, conn := freshDatabase(t)
	log, ctx := openModelLog(t, url), t.Context()
	from, to := time.UnixMilli(1_780_000_000_123).UTC(), time.UnixMilli(1_780_000_100_456).UTC()
	artefact := bytes.Repeat([]byte{0, 0xff, '\'', '\\', '\n'}, 300_000)
	adopted := registry.Entry{
		Decision: registry.Adopted, Version: "abcdef012345", Parent: "84a413b0aa3d", Kind: registry.Adapt, Language: "en", MadeAt: to, Rows: 400,
		From: &from, To: &to, Judged: 260, Candidate: registry.Accuracy{Value: .75, Low: .7, High: .8}, Current: registry.Accuracy{Value: .7, Low: .65, High: .75},
		Reason: "it's better", By: "earshot",
	}
	refused := registry.Entry{Decision: registry.Refused, Parent: "abcdef012345", MadeAt: to, By: "earshot"}
	other := registry.Entry{Decision: registry.PutInPlace, Version: "abcdef999999", Kind: registry.Train, MadeAt: to, By: "kim"}
	for _, e := range []registry.Entry{adopted, refused, other, {Decision: registry.RolledBack, Version: adopted.Version, MadeAt: to, By: "kim"}} {
		var data []byte
		if e.Version != "" {
			data = append([]byte(e.Version), artefact...)
		}
		if err := log.Append(ctx, e, data); err != nil {
			t.Fatal(err)
		}
	}
	all, err := log.Models(ctx, 10)
	if err != nil || len(all) != 4 {
		t.Fatalf("%d lines, %v", len(all), err)
	}
	if all[0].At.IsZero() || !all[1].At.After(all[0].At) {
		t.Errorf("times %v, %v", all[0].At, all[1].At)
	}
	all[0].At = time.Time{}
	if diff := difference(all[0], adopted); diff != "" {
		t.Errorf("(-stored +appended)\n%s", diff)
	}
	if newest, err := log.Models(ctx, 1); err != nil || len(newest) != 1 || newest[0].Decision != registry.RolledBack {
		t.Errorf("the newest: %+v, %v", newest, err)
	}
	if places, err := log.ModelPlaces(ctx); err != nil || len(places) != 3 {
		t.Errorf("%d places, %v", len(places), err)
	}
	for beginning, want := range map[string]error{"abcdef0": nil, "abcdef012345": nil, "abcdef": ErrAmbiguous, "ffff": ErrNoArtefact} {
		version, data, err := log.ModelArtefact(ctx, beginning)
		if !errors.Is(err, want) || want == nil && (version != adopted.Version || !bytes.Equal(data, append([]byte(version), artefact...))) {
			t.Errorf("%s: %s, %d bytes, %v", beginning, version, len(data), err)
		}
	}
	if n := number(t, conn, "SELECT countIf(artefact != '') FROM models"); n != 2 {
		t.Errorf("%d artefacts of 2 versions", n)
	}
}

// Old artefacts go, their lines stay; what is in place is kept however old it is.
func TestModelArtefactsAreBounded(t *testing.T) {
	url, conn := freshDatabase(t)
	log, ctx := openModelLog(t, url), t.Context()
	version := func(i int) string { return fmt.Sprintf("%012x", i) }
	put := func(i int) {
		if err := log.Append(ctx, registry.Entry{Decision: registry.PutInPlace, Version: version(i), MadeAt: time.Now()}, []byte("model "+version(i))); err != nil {
			t.Fatal(err)
		}
	}
	for i := range keptArtefacts {
		put(i)
	}
	put(0) // the oldest again
	put(keptArtefacts)
	put(keptArtefacts + 1)
	deadline := time.Now().Add(time.Minute)
	for number(t, conn, "SELECT uniqExact(version) FROM models WHERE artefact != ''") > keptArtefacts && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	if n := number(t, conn, "SELECT uniqExact(version) FROM models WHERE artefact != ''"); n != keptArtefacts {
		t.Errorf("%d artefacts are kept, want %d", n, keptArtefacts)
	}
	if n := number(t, conn, "SELECT count() FROM models"); n != keptArtefacts+3 {
		t.Errorf("%d lines", n)
	}
	for i, want := range map[int]error{0: nil, 1: ErrNoArtefact, 2: ErrNoArtefact, 3: nil, keptArtefacts + 1: nil} {
		if _, _, err := log.ModelArtefact(ctx, version(i)); !errors.Is(err, want) {
			t.Errorf("version %d: %v, want %v", i, err, want)
		}
	}
}

// Of many who want to begin a round one does, and nobody for the interval after it.
func TestRoundsHaveOneMaker(t *testing.T) {
	url, _ := freshDatabase(t)
	log, ctx := openModelLog(t, url), t.Context()
	begin := func(interval time.Duration) int {
		var group errgroup.Group
		makers := make(chan bool, 5)
		for i := range cap(makers) {
			group.Go(func() error {
				mine, err := log.BeginRound(ctx, fmt.Sprint("worker ", i), interval, 4*time.Second)
				makers <- mine
				return err
			})
		}
		if err := group.Wait(); err != nil {
			t.Fatal(err)
		}
		close(makers)
		n := 0
		for mine := range makers {
			if mine {
				n++
			}
		}
		return n
	}
	if n := begin(time.Hour); n != 1 {
		t.Errorf("%d begin the first round", n)
	}
	if n := begin(time.Hour); n != 0 {
		t.Errorf("%d begin another at once", n)
	}
	time.Sleep(10 * time.Millisecond)
	if n := begin(time.Millisecond); n == 0 {
		t.Error("nobody begins the next round")
	}
}
