package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"earshot/pipeline/discovery"
	"earshot/pipeline/insight"
)

// themeRow is a theme with its growth.
type themeRow struct {
	discovery.Theme
	Before int  `json:"before"` // texts in the earlier part that say the name, at the most
	New    bool `json:"new"`
	insight.Growth
}

// foundThemes are all themes of a run, new ones first.
type foundThemes struct {
	discovery.Result
	rows  []themeRow
	oneIn int // events that each text stands for
}

// themesOf ends the counting and tests the growth of each theme.
func themesOf(m *discovery.Miner) (foundThemes, error) {
	result, err := m.Themes()
	found := foundThemes{Result: result, rows: []themeRow{}, oneIn: 1}
	if err != nil {
		return found, err
	}
	counts := make([]insight.TwoCounts, len(result.Themes))
	for i, t := range result.Themes {
		counts[i] = insight.TwoCounts{Recent: t.Recent, Before: t.Count - t.Recent + t.Missed}
	}
	for i, g := range insight.Growths(counts, result.Recent, result.Texts-result.Recent) {
		row := themeRow{Theme: result.Themes[i], Before: counts[i].Before}
		if found.hasPast() {
			row.Growth, row.New = g, g.IsNew(counts[i])
		} else {
			row.Growth = insight.Growth{P: 1, Q: 1}
		}
		found.rows = append(found.rows, row)
	}
	slices.SortStableFunc(found.rows, func(a, b themeRow) int {
		switch {
		case a.New && b.New:
			return cmp.Compare(a.P, b.P)
		case a.New:
			return -1
		case b.New:
			return 1
		}
		return 0
	})
	return found, nil
}

// hasPast says whether there are two parts to compare.
func (f foundThemes) hasPast() bool { return f.Recent > 0 && f.Recent < f.Texts }

func themeColumns(past bool) []column[themeRow] {
	columns := []column[themeRow]{
		{name: "theme", value: func(t themeRow) string { return t.Name }},
		{name: "count", right: true, value: func(t themeRow) string { return fmt.Sprint(t.Count) }},
		{name: "negative", right: true, value: func(t themeRow) string { return fmt.Sprintf("%.0f %%", 100*t.Negative) }},
	}
	if past {
		columns = append(columns,
			column[themeRow]{name: "recent", right: true, value: func(t themeRow) string { return fmt.Sprint(t.Recent) }},
			column[themeRow]{name: "growth", right: true, value: growthText})
	}
	return append(columns, column[themeRow]{name: "said", flex: true, value: func(t themeRow) string {
		if len(t.Verbatims) == 0 {
			return ""
		}
		return t.Verbatims[0].Sentence(160)
	}})
}

func growthText(t themeRow) string {
	if t.New {
		return fmt.Sprintf("new, %.3gx", t.Lift)
	}
	return fmt.Sprintf("%.2gx", t.Lift)
}

// tellOfReading says on standard error what was read.
func (p *program) tellOfReading(f foundThemes, source *textSource) {
	line := fmt.Sprintf("%s English texts", thousands(f.Texts))
	if f.oneIn > 1 {
		line += fmt.Sprintf(", one in %d", f.oneIn)
	}
	if f.hasPast() {
		line += fmt.Sprintf("; %s of them are recent, from %s on", thousands(f.Recent), source.recent.Format("2006-01-02 15:04"))
	}
	if f.Skipped > 0 {
		line += "; left out: " + thousands(f.Skipped)
	}
	if f.Floor > 0 {
		line += fmt.Sprintf("; a phrase may be missing from up to %d texts", f.Floor)
	}
	fmt.Fprintf(p.stderr, "%s; %s\n", line, count(len(f.rows), "theme"))
}

// printDraft writes the themes as a pack.
func (p *program) printDraft(cmd *cobra.Command, f suggestFlags, found foundThemes) error {
	base, own, err := p.resolve(cmd, packFlags{pack: f.tools.pack, packs: f.tools.packs})
	if err != nil {
		return err
	}
	if base == noPack {
		base = ""
	}
	rows := map[string]themeRow{}
	var themes []discovery.Theme
	for _, row := range found.rows {
		rows[row.Name] = row
		themes = append(themes, row.Theme)
	}
	data, err := discovery.Draft(themes, discovery.DraftOptions{
		Name: f.name, Extends: base, Own: own,
		About:   fmt.Sprintf("Themes found in %s texts", thousands(found.Texts)),
		Comment: func(t discovery.Theme) string { return aboutTheme(rows[t.Name]) },
	})
	if err != nil {
		return usagef("the draft does not go with the packs (see --name): %w", err)
	}
	_, err = cmd.OutOrStdout().Write(data)
	return err
}

func aboutTheme(t themeRow) string {
	about := fmt.Sprintf("%s, %.0f %% of them negative", count(t.Count, "text"), 100*t.Negative)
	if t.New {
		about += fmt.Sprintf("; new: %d of them recent, %.3g times the rate before", t.Recent, t.Lift)
	}
	return about
}
