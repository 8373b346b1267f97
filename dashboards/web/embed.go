// Package web holds the built page, so that the binary needs no files beside it.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files is what `make web` built: index.html and its assets, or nothing but
// .gitkeep before the first build.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path: it cannot fail
	}
	return sub
}
