package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"earshot/sentiment/topic"
)

func (p *program) topicsDiffCommand() *cobra.Command {
	var f packFlags
	var exitCode bool
	cmd := &cobra.Command{
		Use:   "diff [OLD] NEW",
		Short: "What differs in meaning between two taxonomies",
		Long: `Compares two taxonomies with all that they extend: topics, contexts, intents, tags,
classes, and of each the phrases and examples. The order of phrases, and of the words
to choose from in one, means nothing; a phrase that changed its list or its rule has
moved. Without OLD, NEW is compared with the taxonomy in force.

Each is a pack's name, a file, a folder of packs or a version of ` + "`earshot topics history`" + `,
of which the beginning is enough (restaurant@23fb). The exit code is 0, with
--exit-code 4 if there is a difference.`,
		Example: `  earshot topics diff packs/coffee.yaml
  earshot topics diff restaurant my-packs/restaurant.yaml --json
  earshot topics diff restaurant@23fbb13b restaurant@90ab12cd`,
		Args: cobra.RangeArgs(1, 2),
	}
	format := addFormat(cmd.Flags())
	f.add(cmd.Flags())
	cmd.Flags().BoolVar(&exitCode, "exit-code", false, "end with exit code 4 if there is a difference")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		var sides [2]*topic.Tagger
		if len(args) == 1 {
			sides[0], err = p.tagger(cmd, f)
		} else {
			sides[0], err = p.taxonomyNamed(cmd, f, args[0])
		}
		if err != nil {
			return err
		}
		if sides[1], err = p.taxonomyNamed(cmd, f, args[len(args)-1]); err != nil {
			return err
		}
		changes := topic.Diff(sides[0].Definition(), sides[1].Definition())
		if err := printListing(cmd.OutOrStdout(), as, taxonomyChangeColumns(), changes); err != nil {
			return err
		}
		fmt.Fprintf(p.stderr, "%s -> %s: %s\n", sides[0].Version(), sides[1].Version(), count(len(changes), "difference"))
		if exitCode && len(changes) > 0 {
			return &exitError{code: exitCheckFailed}
		}
		return nil
	}
	return cmd
}

func taxonomyChangeColumns() []column[topic.Change] {
	return []column[topic.Change]{
		{name: "change", value: func(c topic.Change) string { return c.Change }},
		{name: "kind", value: func(c topic.Change) string { return c.Kind }},
		{name: "name", value: func(c topic.Change) string { return c.Name }},
		{name: "part", value: func(c topic.Change) string { return c.Part }},
		{name: "text", flex: true, value: changeText},
	}
}

func changeText(c topic.Change) string {
	switch c.Change {
	case topic.ChangeMoved:
		return c.After + " (was in " + c.Before + ")"
	case topic.ChangeChanged:
		return c.Before + " -> " + c.After
	}
	return c.Before + c.After
}

// taxonomyNamed loads what an argument names: a file or folder, a version that was
// in force, or a pack.
func (p *program) taxonomyNamed(cmd *cobra.Command, f packFlags, arg string) (*topic.Tagger, error) {
	info, err := os.Stat(arg)
	switch ext := filepath.Ext(arg); {
	case err == nil && (isPackFile(arg) || info.IsDir() && !slices.Contains(topic.Names(), arg)):
		return p.changedTaxonomy(cmd, f, []string{arg})
	case err != nil && (ext == ".yaml" || ext == ".yml" || ext == ".json" || strings.ContainsRune(arg, filepath.Separator)):
		return nil, usagef("%s: no such file", arg)
	case strings.Contains(arg, "@"):
		return p.recordedTaxonomy(cmd, arg)
	}
	f.pack = arg
	return p.tagger(cmd, f)
}

// changedTaxonomy is what is in force once the files and folders are put in place.
func (p *program) changedTaxonomy(cmd *cobra.Command, f packFlags, paths []string) (*topic.Tagger, error) {
	name, own, err := p.resolve(cmd, f)
	if err != nil {
		return nil, err
	}
	files, err := readPackFiles(paths)
	if err != nil {
		return nil, err
	}
	t, err := topic.PutsInForce(name, own, files)
	if err != nil {
		return nil, &exitError{code: exitCheckFailed, err: err}
	}
	return t, nil
}

// recordedTaxonomy is a version that was in force, as it is stored.
func (p *program) recordedTaxonomy(cmd *cobra.Command, version string) (*topic.Tagger, error) {
	reader, err := p.reader(cmd)
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }() // it only reads
	text, err := findTaxonomy(cmd.Context(), reader, version)
	if err != nil {
		return nil, err
	}
	return topic.LoadRecorded(text.Version, []byte(text.YAML))
}

func isPackFile(path string) bool {
	switch filepath.Ext(path) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// readPackFiles reads pack files; of a folder those in it.
func readPackFiles(paths []string) ([]topic.File, error) {
	var files []topic.File
	for _, path := range paths {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usagef("%s: no such file", path)
		}
		if err != nil {
			return nil, err
		}
		names := []string{path}
		if info.IsDir() {
			if names, err = packFilesIn(path); err != nil {
				return nil, err
			}
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			files = append(files, topic.File{Name: name, Data: data})
		}
	}
	return files, nil
}

func packFilesIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && isPackFile(e.Name()) {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	if names == nil {
		return nil, usagef("%s: no pack (*.yaml) in that folder", dir)
	}
	return names, nil
}
