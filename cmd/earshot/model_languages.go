package main

import (
	"fmt"
	"slices"

	"earshot/pipeline"
	"earshot/sentiment/model"
)

// otherLanguages adds the models of the files, each for the languages of its card. A
// model in opts that is for another language than English becomes one of them, and the
// shipped one takes its place.
func otherLanguages(opts *pipeline.AnalyzerOptions, files []string) error {
	opts.Others = pipeline.LanguageModels{}
	if m := opts.Model; m != nil && !forEnglish(m) {
		if err := forLanguages(opts.Others, m, "model "+m.Version); err != nil {
			return err
		}
		var err error
		if opts.Model, err = model.Base(); err != nil {
			return err
		}
	}
	for _, file := range files {
		m, err := readModel(file)
		if err != nil {
			return err
		}
		if m == nil || forEnglish(m) {
			return fmt.Errorf("%s is for English: set analysis.model (--model) to it", file)
		}
		if err := forLanguages(opts.Others, m, file); err != nil {
			return err
		}
	}
	return nil
}

func forEnglish(m *model.Model) bool {
	return len(m.Languages) == 0 || slices.Contains(m.Languages, "en")
}

func forLanguages(models pipeline.LanguageModels, m *model.Model, name string) error {
	for _, code := range m.Languages {
		if models[code] != nil {
			return fmt.Errorf("%s: there is a model for %s already", name, code)
		}
		models[code] = m
	}
	return nil
}
