package embedded

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// archive is an npm package with one file.
func archive(t *testing.T, name, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	files := tar.NewWriter(zip)
	for _, f := range []struct{ name, text string }{{"package/package.json", "{}"}, {"package/" + name, content}} {
		if err := files.WriteHeader(&tar.Header{Name: f.name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(f.text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(files.Close(), zip.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// store trusts the archive given and gets what pack returns.
func store(t *testing.T, trusted []byte, unpacked int64, pack func() ([]byte, error)) libraryStore {
	sum := sha512.Sum512(trusted)
	return libraryStore{
		dir: t.TempDir(),
		pkg: enginePackage{
			name: "@test/engine", version: "1", unpacked: unpacked,
			integrity: "sha512-" + base64.StdEncoding.EncodeToString(sum[:]),
		},
		pack: func(_ context.Context, _ enginePackage, dir string, _ Progress) (string, error) {
			data, err := pack()
			if err != nil {
				return "", err
			}
			path := filepath.Join(dir, "engine.tgz")
			return path, os.WriteFile(path, data, 0o600)
		},
		progress: func(string, int64, int64) {},
	}
}

func TestLibraryIsFetchedOnceByMany(t *testing.T) {
	const content = "the library"
	good := archive(t, libraryName, content)
	var fetches atomic.Int32
	s := store(t, good, int64(len(content)), func() ([]byte, error) {
		fetches.Add(1)
		return good, nil
	})
	if err := os.Mkdir(filepath.Join(s.dir, "fetch-killed"), 0o755); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			path, err := s.library(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != content {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	wg.Wait()
	if n := fetches.Load(); n != 1 {
		t.Errorf("fetched %d times", n)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, "fetch-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	// One that was cut short counts as absent.
	if err := os.WriteFile(filepath.Join(s.dir, libraryName), []byte("the"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := s.library(t.Context()); err != nil || fetches.Load() != 2 {
		t.Errorf("after a cut library: %v, %d fetches", err, fetches.Load())
	}
}

func TestLibraryRefusesWhatItDoesNotTrust(t *testing.T) {
	good := archive(t, libraryName, "the library")
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	offline := errors.New("npm pack: ENOTFOUND")
	tests := map[string]struct {
		got  []byte
		err  error
		want string
	}{
		"another package": {archive(t, libraryName, "evil"), nil, "integrity"},
		"a flipped bit":   {flipped, nil, "integrity"},
		"cut short":       {good[:len(good)-20], nil, "integrity"},
		"bytes appended":  {append(bytes.Clone(good), 0), nil, "integrity"},
		"empty":           {nil, nil, "integrity"},
		"no network":      {nil, offline, "ENOTFOUND"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := store(t, good, 11, func() ([]byte, error) { return tt.got, tt.err })
			path, err := s.library(t.Context())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("%s, %v; want %s", path, err, tt.want)
			}
			if left, _ := os.ReadDir(s.dir); len(left) != 1 || left[0].Name() != "lock" {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	t.Run("no library in it", func(t *testing.T) {
		other := archive(t, "other.so", "x")
		s := store(t, other, 11, func() ([]byte, error) { return other, nil })
		if _, err := s.library(t.Context()); err == nil || !strings.Contains(err.Error(), "no "+libraryName) {
			t.Fatal(err)
		}
	})
}

func TestFetchFailuresNameTheNextChoice(t *testing.T) {
	quietly := func(string, int64, int64) {}
	_, err := fetchLibrary(t.Context(), t.TempDir(), map[string]enginePackage{}, quietly)
	if err == nil || !strings.Contains(err.Error(), nextChoice) {
		t.Errorf("unknown platform: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	known := map[string]enginePackage{platform(): {name: "@test/engine", version: "1"}}
	_, err = fetchLibrary(t.Context(), t.TempDir(), known, quietly)
	if err == nil || !strings.Contains(err.Error(), "npm is not on PATH") || !strings.Contains(err.Error(), nextChoice) {
		t.Errorf("no npm: %v", err)
	}
}
