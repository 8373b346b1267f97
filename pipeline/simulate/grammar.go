package simulate

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
)

//go:embed grammar/*.txt
var grammarFiles embed.FS

// grammar is a context-free grammar with a few slots that the scene fills. A
// file holds rules: "[name]" and under it one alternative a line; "{name}" in an
// alternative stands for another rule or a slot; "# " starts a comment line.
type grammar struct {
	names map[string]int
	rules [][]phrase
}

type phrase []part

// part is literal text, a rule (index + 1) or a slot (index + 1).
type part struct {
	literal    string
	rule, slot int
}

// scene holds the words that depend on the event, by slot.
type scene [len(slots)]string

const (
	slotProduct = iota
	slotDay
	slotMeal
	slotPartner
	slotAgent
	slotCity
	slotGuest
)

var slots = [...]string{"product", "day", "meal", "partner", "agent", "city", "guest"}

func newGrammar() (*grammar, error) {
	g := &grammar{names: map[string]int{}}
	files, err := fs.Glob(grammarFiles, "grammar/*.txt")
	if err != nil {
		return nil, err
	}
	sources := map[int][]string{}
	for _, name := range files {
		text, err := grammarFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := g.collect(string(text), sources); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	g.rules = make([][]phrase, len(g.names))
	for rule, lines := range sources {
		for _, line := range lines {
			p, err := g.compile(line)
			if err != nil {
				return nil, err
			}
			g.rules[rule] = append(g.rules[rule], p)
		}
	}
	return g, nil
}

// collect reads the rules of one file into sources, by index.
func (g *grammar) collect(text string, sources map[int][]string) error {
	rule := -1
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
		case strings.HasPrefix(line, "["):
			name := strings.Trim(line, "[]")
			if _, twice := g.names[name]; twice {
				return fmt.Errorf("rule %q defined twice", name)
			}
			rule = len(g.names)
			g.names[name] = rule
		case rule < 0:
			return fmt.Errorf("%q before the first rule", line)
		default:
			sources[rule] = append(sources[rule], line)
		}
	}
	return lines.Err()
}

func (g *grammar) compile(line string) (phrase, error) {
	var p phrase
	for rest := line; rest != ""; {
		text, after, open := strings.Cut(rest, "{")
		if text != "" {
			p = append(p, part{literal: text})
		}
		if !open {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			return nil, fmt.Errorf("%q: unclosed brace", line)
		}
		ref, err := g.reference(name)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		p = append(p, ref)
		rest = tail
	}
	return p, nil
}

func (g *grammar) reference(name string) (part, error) {
	for i, slot := range slots {
		if slot == name {
			return part{slot: i + 1}, nil
		}
	}
	if rule, ok := g.names[name]; ok {
		return part{rule: rule + 1}, nil
	}
	return part{}, fmt.Errorf("no rule or slot {%s}", name)
}

// rule returns the index of a rule; it is an error to ask for one that is not there.
func (g *grammar) rule(name string) (int, error) {
	if i, ok := g.names[name]; ok {
		return i, nil
	}
	return 0, fmt.Errorf("grammar has no rule [%s]", name)
}

// say appends one alternative of the rule to b, slots filled from sc.
func (g *grammar) say(b []byte, rule int, sc *scene, rng *rand.Rand) []byte {
	alternatives := g.rules[rule]
	for _, p := range alternatives[rng.IntN(len(alternatives))] {
		switch {
		case p.rule > 0:
			b = g.say(b, p.rule-1, sc, rng)
		case p.slot > 0:
			b = append(b, sc[p.slot-1]...)
		default:
			b = append(b, p.literal...)
		}
	}
	return b
}
