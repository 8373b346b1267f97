package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"earshot/sentiment/topic"
	"earshot/sinks/export"
)

// importFlags say what a keyword list becomes.
type importFlags struct {
	packs, name, extends, out string
	plain                     bool
}

func (p *program) topicsImportCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Make a pack of a keyword list (CSV), or of a taxonomy in JSON or YAML",
		Long: `Reads a keyword list: CSV with a header and the columns topic, phrase and perhaps exclude
(phrases, parted by semicolons, that keep the topic's phrases from counting where they
overlap) and sentiment (positive or negative: news in itself). Or a taxonomy in the form
of a pack, in JSON or YAML. Names of topics become those of a pack: "Service > Slow" is
service.slow. Phrases are in the syntax of packs; with --plain, signs mean nothing.

What comes out is compiled before it is written: a mistake names the file and line.`,
		Example: `  earshot topics import keywords.csv --name coffee --extends general --out my-packs/coffee.yaml
  earshot topics import taxonomy.json > my-packs/coffee.yaml`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			definition, err := p.importTaxonomy(args[0], f)
			if err != nil {
				return err
			}
			return p.writeImported(cmd, definition, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.name, "name", "", "the pack's name (default: that of the file)")
	flags.StringVar(&f.extends, "extends", "", "pack that it adds to, such as general")
	flags.StringVar(&f.packs, "packs", "", "folder of further taxonomy files, for --extends")
	flags.StringVar(&f.out, "out", "", "`FILE` to write (default: standard output)")
	flags.BoolVar(&f.plain, "plain", false, "phrases are plain words: signs in them mean nothing")
	return cmd
}

func (p *program) importTaxonomy(path string, f importFlags) (topic.Definition, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return topic.Definition{}, usagef("%s: no such file", path)
	}
	if err != nil {
		return topic.Definition{}, err
	}
	file := topic.File{Name: path, Data: data}
	if isPackFile(path) {
		d, err := topic.ParseDefinition(file)
		if err != nil {
			return d, &exitError{code: exitCheckFailed, err: err}
		}
		if f.name != "" {
			d.Pack = f.name
		}
		if f.extends != "" {
			d.Extends = f.extends
		}
		return d, nil
	}
	name := f.name
	if name == "" {
		base := filepath.Base(path)
		name = strings.ReplaceAll(strings.TrimSuffix(base, filepath.Ext(base)), " ", "_")
	}
	d, notes, err := topic.ReadKeywords(file, topic.KeywordOptions{Pack: name, Extends: f.extends, Plain: f.plain})
	if err != nil {
		return d, &exitError{code: exitCheckFailed, err: err}
	}
	for _, label := range slices.Sorted(maps.Keys(notes.Renamed)) {
		fmt.Fprintf(p.stderr, "%q becomes the topic %s\n", label, notes.Renamed[label])
	}
	fmt.Fprintf(p.stderr, "%s: %s, %s, %d repeated left out\n", path, count(notes.Rows, "row"), count(len(d.Topics), "topic"), notes.Repeated)
	return d, nil
}

// writeImported writes a pack once it compiles.
func (p *program) writeImported(cmd *cobra.Command, d topic.Definition, f importFlags) error {
	yaml, err := d.YAML()
	if err != nil {
		return err
	}
	var own fs.FS
	if f.packs != "" {
		own = topic.Folder{FS: os.DirFS(f.packs), Path: f.packs}
	}
	name := d.Pack + ".yaml"
	if f.out != "" {
		name = f.out
	}
	if _, err := topic.LoadChanged("", own, []topic.File{{Name: name, Data: yaml}}); err != nil {
		return &exitError{code: exitCheckFailed, err: err}
	}
	if slices.Contains(topic.Names(), d.Pack) {
		fmt.Fprintf(p.stderr, "a built-in pack is called %s, too: give this one another --name before it goes into a folder of packs\n", d.Pack)
	}
	write := func(w io.Writer) error { _, err := w.Write(yaml); return err }
	if f.out == "" {
		return write(cmd.OutOrStdout())
	}
	return export.File(f.out, write)
}
