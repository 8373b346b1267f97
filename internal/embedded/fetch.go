package embedded

import (
	"archive/tar"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/klauspost/compress/gzip"
)

// Progress is told how far the fetching of the engine is, a few times a
// second. total is 0 if unknown; done == total ends a step.
type Progress func(step string, done, total int64)

// enginePackage is an npm package that holds ClickHouse's library.
type enginePackage struct {
	name      string
	version   string
	integrity string // npm's dist.integrity: sha512 of the archive, in base64
	packed    int64  // bytes of the archive
	unpacked  int64  // bytes of the library
}

const libraryName = "libchdb.so"

// packages are the platforms whose package was verified: GOOS/GOARCH.
func packages() map[string]enginePackage {
	return map[string]enginePackage{
		"linux/amd64": {
			name:      "@chdb/lib-linux-x64-gnu",
			version:   "26.7.3-stable.1",
			integrity: "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
			packed:    177_817_999,
			unpacked:  566_330_096,
		},
	}
}

func platform() string { return runtime.GOOS + "/" + runtime.GOARCH }

// nextChoice ends every failure to get the library.
const nextChoice = "install `clickhouse` on PATH, or name a ClickHouse server: clickhouse.url, EARSHOT_CLICKHOUSE_URL or --clickhouse"

// fetchLibrary returns the path of the library for this platform, fetching it
// into the cache folder once.
func fetchLibrary(ctx context.Context, cache string, known map[string]enginePackage, progress Progress) (string, error) {
	p, ok := known[platform()]
	if !ok {
		return "", fmt.Errorf("no embedded ClickHouse for %s: %s", platform(), nextChoice)
	}
	s := libraryStore{dir: filepath.Join(cache, p.version), pkg: p, pack: npmPack, progress: progress}
	path, err := s.library(ctx)
	if err != nil {
		if errors.Is(err, syscall.ENOSPC) {
			err = fmt.Errorf("%w (it needs %d MB for a moment)", err, (2*p.packed+p.unpacked)>>20)
		}
		return "", fmt.Errorf("fetch the ClickHouse engine: %w; try again, or %s", err, nextChoice)
	}
	return path, nil
}

// libraryStore is the folder of one version.
type libraryStore struct {
	dir      string
	pkg      enginePackage
	pack     func(ctx context.Context, p enginePackage, dir string, progress Progress) (archive string, err error)
	progress Progress
}

// library returns the path of the library, whole and verified. Any number of
// processes may ask at once: one fetches, the others wait for it.
func (s libraryStore) library(ctx context.Context) (string, error) {
	path := filepath.Join(s.dir, libraryName)
	if s.present(path) {
		return path, nil
	}
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return "", err
	}
	lock := flock.New(filepath.Join(s.dir, "lock"))
	defer lock.Close()
	if held, err := lock.TryLock(); err != nil {
		return "", err
	} else if !held {
		s.progress("waiting for another earshot that fetches the engine", 0, 0)
		if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
			return "", err
		}
	}
	if s.present(path) {
		return path, nil
	}
	if err := s.fetch(ctx, path); err != nil {
		return "", err
	}
	return path, nil
}

// present trusts a library of the right size: it got its name only after it
// was verified.
func (s libraryStore) present(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() == s.pkg.unpacked
}

func (s libraryStore) fetch(ctx context.Context, path string) error {
	s.sweep()
	work, err := os.MkdirTemp(s.dir, "fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	archive, err := s.pack(ctx, s.pkg, work, s.progress)
	if err != nil {
		return err
	}
	fresh := filepath.Join(work, libraryName)
	if err := s.unpack(ctx, archive, fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	return syncDir(s.dir)
}

// sweep removes what killed fetches left; the lock is ours.
func (s libraryStore) sweep() {
	left, _ := filepath.Glob(filepath.Join(s.dir, "fetch-*"))
	for _, dir := range left {
		os.RemoveAll(dir)
	}
}

// unpack writes the library out of the archive to path. The archive's hash is
// taken while it is read; nothing is kept if it is not the one expected.
func (s libraryStore) unpack(ctx context.Context, archive, path string) (err error) {
	in, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer in.Close()
	sum := sha512.New()
	raw := io.TeeReader(in, sum)
	if err := s.extract(ctx, raw, path); err != nil {
		// A broken archive and a wrong one are the same to the user.
		if _, rest := io.Copy(io.Discard, raw); rest == nil && s.verify(sum.Sum(nil)) != nil {
			err = errors.Join(s.verify(sum.Sum(nil)), err)
		}
		os.Remove(path)
		return err
	}
	if _, err := io.Copy(io.Discard, raw); err != nil {
		return err
	}
	if err := s.verify(sum.Sum(nil)); err != nil {
		os.Remove(path)
		return err
	}
	return nil
}

func (s libraryStore) verify(sum []byte) error {
	got := "sha512-" + base64.StdEncoding.EncodeToString(sum)
	if got != s.pkg.integrity {
		return fmt.Errorf("%s@%s is not the package that this earshot trusts: integrity %s, expected %s", s.pkg.name, s.pkg.version, got, s.pkg.integrity)
	}
	return nil
}

func (s libraryStore) extract(ctx context.Context, raw io.Reader, path string) error {
	zip, err := gzip.NewReader(raw)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	defer zip.Close()
	files := tar.NewReader(zip)
	for {
		head, err := files.Next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("archive: no %s in it", libraryName)
		}
		if err != nil {
			return fmt.Errorf("archive: %w", err)
		}
		if head.Typeflag == tar.TypeReg && head.Name == "package/"+libraryName {
			return s.save(ctx, files, head.Size, path)
		}
	}
}

func (s libraryStore) save(ctx context.Context, from io.Reader, size int64, path string) (err error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	var done int64
	for done < size {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.CopyN(out, from, min(8<<20, size-done))
		done += n
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		s.progress("unpacking the engine", done, size)
	}
	return out.Sync()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
