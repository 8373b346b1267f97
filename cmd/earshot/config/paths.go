package config

import (
	"os"
	"path/filepath"
)

// defaultData is where the embedded default keeps its state: the user's data
// folder by the XDG base directory specification.
func defaultData() string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "earshot")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "earshot-data"
	}
	return filepath.Join(home, ".local", "share", "earshot")
}
