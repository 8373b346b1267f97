package topic

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Folder is a folder of packs. Errors name its files with Path, as the user gave it,
// before their names; those of another fs.FS by their names alone.
type Folder struct {
	fs.FS
	Path string
}

// shownAs is how errors name a file of a folder of packs.
func shownAs(folder fs.FS, file string) string {
	if f, ok := folder.(Folder); ok && f.Path != "" {
		return strings.TrimRight(f.Path, "/") + "/" + file
	}
	return file
}

// PackNames lists the packs there are: the built-in ones and those of own (nil: none).
func PackNames(own fs.FS) ([]string, error) {
	packs, err := readPacks(own)
	if err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(packs)), nil
}
