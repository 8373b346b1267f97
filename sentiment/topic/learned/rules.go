package learned

import (
	"fmt"
	"slices"
	"strings"

	"earshot/sentiment"
	"earshot/sentiment/topic"
)

// rules are a taxonomy whose finds are features of the learned topics: what its
// rules know need not be learned from few examples. The model carries them along, so
// that it answers the same when the taxonomy changes.
type rules struct {
	tagger *topic.Tagger
	place  map[string]map[string]uint32 // by kind and name, from 1; 0 stands for no topic found
	size   int                          // number of features
}

func newRules(t *topic.Tagger) *rules {
	r := &rules{tagger: t, place: map[string]map[string]uint32{topic.KindTopic: {}, topic.KindContext: {}, topic.KindIntent: {}}, size: 1}
	for _, e := range t.Catalogue() {
		if names := r.place[e.Kind]; names != nil {
			names[e.Name] = uint32(r.size)
			r.size++
		}
	}
	return r
}

// ruleReader tells what the rules find in one text after another.
type ruleReader struct {
	*rules
	state  topic.State
	result topic.Result
	found  []uint32
}

// read returns the features of a text from rulesAt, each once. The slice is valid
// until the next call.
func (r *ruleReader) read(d *sentiment.Doc) []uint32 {
	r.found = r.found[:0]
	r.result = r.tagger.Tag(&r.state, d, topic.Moment{})
	for _, m := range r.result.Mentions {
		for name := m.Topic; name != ""; name = name[:max(0, strings.LastIndexByte(name, '.'))] {
			r.add(topic.KindTopic, name)
		}
	}
	if len(r.found) == 0 {
		r.found = append(r.found, rulesAt)
	}
	for _, f := range r.result.Contexts {
		r.add(topic.KindContext, f.Name)
	}
	for _, f := range r.result.Intents {
		if !strings.HasPrefix(f.Name, opinionPrefix) { // they tell no topics apart
			r.add(topic.KindIntent, f.Name)
		}
	}
	return r.found
}

func (r *ruleReader) add(kind, name string) {
	place, known := r.place[kind][name]
	if at := rulesAt + place; known && !slices.Contains(r.found, at) {
		r.found = append(r.found, at)
	}
}

// chooseRules returns the shipped pack whose rules agree most with the topics of
// the examples, and turns of praise and blame beside it.
func chooseRules(examples []Example, topics []string) (best *rules, err error) {
	top := -1.0
	for _, name := range topic.Names() {
		tagger, err := topic.Load(name, nil)
		if err != nil {
			return nil, fmt.Errorf("rules: %w", err)
		}
		r := newRules(tagger)
		if a := r.agreement(examples, topics); a > top {
			best, top = r, a
		}
	}
	tagger, err := withOpinions(best.tagger)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return newRules(tagger), nil
}

// agreement is the F1 of the rule that tells a topic best, summed over the topics as
// often as they occur.
func (r *rules) agreement(examples []Example, topics []string) (sum float64) {
	reader := ruleReader{rules: r}
	fired := make([]int, r.size)
	there := make([]int, len(topics))
	both := make([]int, len(topics)*r.size)
	var doc sentiment.Doc
	for _, e := range examples {
		doc.Scan(e.Text)
		found := reader.read(&doc)
		for _, at := range found {
			fired[at-rulesAt]++
		}
		for c, name := range topics {
			if !slices.ContainsFunc(e.Topics, func(l Label) bool { return l.Topic == name }) {
				continue
			}
			there[c]++
			for _, at := range found {
				both[c*r.size+int(at-rulesAt)]++
			}
		}
	}
	for c, n := range there {
		best := 0.0
		for i, hits := range both[c*r.size : (c+1)*r.size] {
			best = max(best, 2*float64(hits)/float64(max(1, n+fired[i])))
		}
		sum += float64(n) * best
	}
	return sum
}

// text is the taxonomy as it is stored.
func (r *rules) text() ([]byte, error) { return definitionText(r.tagger.Definition()) }

// readRules is the counterpart of text.
func readRules(version string, text []byte) (*rules, error) {
	t, err := topic.LoadRecorded(version, text)
	if err != nil {
		return nil, fmt.Errorf("%w: rules: %w", ErrFormat, err)
	}
	return newRules(t), nil
}
