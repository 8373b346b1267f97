package discovery

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"earshot/sentiment/topic"
)

// DraftOptions say what a drafted pack is called and what it stands on.
type DraftOptions struct {
	Name    string
	Extends string // pack that it adds to; empty: none
	About   string
	Own     fs.FS              // the user's folder of packs, nil: none
	Comment func(Theme) string // figures for the person who reviews it; one line
}

const (
	examplesOfTheme = 5
	exampleBytes    = 240
)

// Draft writes themes as a pack for a person to review: a topic for each theme,
// its phrases, and verbatims as examples that must match. It compiles, has no lint
// errors and passes its own examples: a verbatim that another topic claims is left
// out, and so is a theme without any example left.
func Draft(themes []Theme, opts DraftOptions) ([]byte, error) {
	d := drafter{opts: opts}
	taken := map[string]bool{}
	for _, t := range themes {
		name := "themes." + slug(t.Name)
		if !taken[name] {
			taken[name] = true
			d.topics = append(d.topics, draftTopic{name: name, theme: t, phrases: phrasesOf(t), match: examplesOf(t)})
		}
	}
	for {
		d.topics = slices.DeleteFunc(d.topics, func(t draftTopic) bool { return len(t.match) == 0 || len(t.phrases) == 0 })
		data, err := d.encode()
		if err != nil {
			return nil, err
		}
		tagger, problems, err := topic.LoadDraft(data, opts.Own)
		if err != nil {
			return nil, err
		}
		_, failed := tagger.RunExamples()
		if !d.mend(problems, failed) {
			return data, nil
		}
	}
}

type drafter struct {
	opts   DraftOptions
	topics []draftTopic
}

type draftTopic struct {
	name    string
	theme   Theme
	phrases []string
	match   []string
}

// mend takes out what does not hold and says whether there was anything.
func (d *drafter) mend(problems []topic.Problem, failed []topic.ExampleFailure) (changed bool) {
	for i := range d.topics {
		t := &d.topics[i]
		before := len(t.match) + len(t.phrases)
		t.match = slices.DeleteFunc(t.match, func(text string) bool {
			return slices.ContainsFunc(failed, func(f topic.ExampleFailure) bool { return f.Rule == t.name && f.Text == text })
		})
		t.phrases = slices.DeleteFunc(t.phrases, func(text string) bool {
			return slices.ContainsFunc(problems, func(p topic.Problem) bool {
				return p.Rule == t.name && strings.HasPrefix(p.Text, fmt.Sprintf("phrase %q ", text))
			})
		})
		changed = changed || len(t.match)+len(t.phrases) != before
	}
	return changed
}

func (d *drafter) encode() ([]byte, error) {
	topics := mapping()
	for _, t := range d.topics {
		rule := mapping()
		put(rule, "about", scalar(d.about(t.theme)))
		put(rule, "phrases", list(t.phrases))
		put(rule, "match", list(t.match))
		put(topics, t.name, rule)
	}
	root := mapping()
	put(root, "pack", scalar(d.opts.Name))
	if d.opts.Extends != "" {
		put(root, "extends", scalar(d.opts.Extends))
	}
	put(root, "about", scalar(d.opts.About))
	put(root, "topics", topics)
	root.HeadComment = `Themes that customers speak of and no topic covers, for review: rename the topics,
merge or delete them, take phrases out or move them to negative: or positive:.
Then put the file into the folder of your packs (analysis.packs) and choose this pack.`
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("draft of a pack: %w", err)
	}
	return out.Bytes(), enc.Close()
}

func (d *drafter) about(t Theme) string {
	if d.opts.Comment == nil {
		return t.Name
	}
	return d.opts.Comment(t)
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode} }

// scalar leaves the quotes to the encoder: it knows what needs them.
func scalar(s string) *yaml.Node {
	n := new(yaml.Node)
	n.SetString(s)
	return n
}

func put(m *yaml.Node, key string, value *yaml.Node) {
	m.Content = append(m.Content, scalar(key), value)
}

func list(items []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, s := range items {
		n.Content = append(n.Content, scalar(s))
	}
	return n
}

// slug is a theme's name as the name of a topic.
func slug(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "_")
}

// phrasesOf are the wordings of a theme, the name first. One that holds another adds
// nothing; a single word stands for a longer name only if it is hardly said without.
func phrasesOf(t Theme) []string {
	out := []string{t.Name}
	for _, p := range t.Phrases {
		single := !strings.Contains(p.Text, " ") && strings.Contains(t.Name, " ")
		if single && 2*p.Count > 3*t.Count || slices.ContainsFunc(out, func(o string) bool { return holds(p.Text, o) }) {
			continue
		}
		out = append(out, p.Text)
	}
	return slices.DeleteFunc(out, func(text string) bool {
		return text != t.Name && slices.ContainsFunc(out, func(o string) bool { return o != text && holds(text, o) })
	})
}

// holds says whether the words of part stand in whole.
func holds(whole, part string) bool { return strings.Contains(" "+whole+" ", " "+part+" ") }

func examplesOf(t Theme) []string {
	var out []string
	for _, v := range t.Verbatims {
		if text := v.Sentence(exampleBytes); len(out) < examplesOfTheme && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// Sentence is the sentence around the phrase on one line, cut to about so many
// bytes at white space.
func (v Verbatim) Sentence(limit int) string {
	const ends = ".!?\n\r"
	from, to := strings.LastIndexAny(v.Text[:v.Start], ends)+1, len(v.Text)
	if i := strings.IndexAny(v.Text[v.End:], ends); i >= 0 {
		to = v.End + i + 1
	}
	side := max(0, limit-(v.End-v.Start)) / 2
	if v.Start-from > side {
		from = v.Start - side
		if i := strings.IndexAny(v.Text[from:v.Start], " \t"); i >= 0 {
			from += i
		}
	}
	if to-v.End > side {
		to = v.End + side
		if i := strings.LastIndexAny(v.Text[v.End:to], " \t"); i >= 0 {
			to = v.End + i
		}
	}
	for from > 0 && !utf8.RuneStart(v.Text[from]) {
		from--
	}
	for to < len(v.Text) && !utf8.RuneStart(v.Text[to]) {
		to++
	}
	return strings.Join(strings.FieldsFunc(v.Text[from:to], func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}
