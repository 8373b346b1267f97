package export

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestFileIsWholeOrAsItWas(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "cases.csv")
	write := func(text string, fail error) error {
		return File(path, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return errors.Join(err, fail)
		})
	}
	broken := errors.New("broken")
	check := func(want string) {
		t.Helper()
		got, err := os.ReadFile(path)
		if want == "" && errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		if err != nil || string(got) != want {
			t.Errorf("the file holds %q, %v; want %q", got, err, want)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) > 1 {
			t.Errorf("left behind: %v, %v", entries, err)
		}
	}
	if err := write("half", broken); !errors.Is(err, broken) {
		t.Error(err)
	}
	check("")
	if err := write("first", nil); err != nil {
		t.Error(err)
	}
	check("first")
	if err := write("half", broken); !errors.Is(err, broken) {
		t.Error(err)
	}
	check("first")
	if err := write("second", nil); err != nil {
		t.Error(err)
	}
	check("second")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestFileInNoFolder(t *testing.T) {
	err := File(filepath.Join(t.TempDir(), "missing", "cases.csv"), func(io.Writer) error { return nil })
	if !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestFileThroughLinkAndToDevice(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	hello := func(w io.Writer) error { _, err := io.WriteString(w, "hello"); return err }
	if err := File(link, hello); err != nil {
		t.Error(err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "hello" {
		t.Errorf("%q, %v", got, err)
	}
	if err := File(os.DevNull, hello); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("the device is gone: %v, %v", info, err)
	}
	if err := File(dir, hello); err == nil {
		t.Error("a folder was written to")
	}
}
