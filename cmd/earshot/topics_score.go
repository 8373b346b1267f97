package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"earshot/pipeline"
	"earshot/pipeline/insight"
	"earshot/pipeline/labelled"
	"earshot/sentiment"
	"earshot/sentiment/topic"
)

// parseLabelMap reads LABEL=TOPIC,… flags. A topic stands for those below it.
func parseLabelMap(flags, known []string) (map[string][]string, error) {
	labels := map[string][]string{}
	for _, flag := range flags {
		label, list, ok := strings.Cut(flag, "=")
		if !ok || label == "" || list == "" {
			return nil, usagef("--map %q: expected LABEL=TOPIC,TOPIC", flag)
		}
		for name := range strings.SplitSeq(list, ",") {
			if !slices.ContainsFunc(known, func(k string) bool { return topic.Covers(name, k) }) {
				return nil, usagef("--map %q: the pack has no topic %q; `earshot topics list` lists them", flag, name)
			}
			labels[label] = append(labels[label], name)
		}
	}
	return labels, nil
}

// What a row says about the pack's promise.
const (
	gateHeld   = "held"
	gateMissed = "missed"
	gateNoData = "no data" // the labelled texts do not have the label
)

// topicScore is how well a label is found. Shares are 0..1.
type topicScore struct {
	Label     string     `json:"label"`
	Hits      int        `json:"hits"`   // found, and there
	False     int        `json:"false"`  // found, not there
	Missed    int        `json:"missed"` // there, not found
	Precision float64    `json:"precision"`
	Interval  [2]float64 `json:"precision_interval"` // 95 %, Wilson
	Recall    float64    `json:"recall"`
	F1        float64    `json:"f1"`
	Gate      string     `json:"gate"` // held, missed, no data or empty
}

func (s *topicScore) finish(gate topic.Gate, promised bool) {
	ratio := func(a, b int) float64 {
		if b == 0 {
			return 0
		}
		return float64(a) / float64(b)
	}
	s.Precision, s.Recall = ratio(s.Hits, s.Hits+s.False), ratio(s.Hits, s.Hits+s.Missed)
	s.F1 = ratio(2*s.Hits, 2*s.Hits+s.False+s.Missed)
	s.Interval[0], s.Interval[1] = insight.Wilson(s.Hits, s.Hits+s.False)
	if promised {
		s.Gate = gateHeld
		if s.Precision < gate.Precision || s.Recall < gate.Recall {
			s.Gate = gateMissed
		}
	}
}

// topicScores counts a tagger's findings against labelled rows.
type topicScores struct {
	tagger *topic.Tagger
	labels map[string][]string
	counts map[string]*topicScore
	state  topic.State
	doc    sentiment.Doc
	right  int // sentiments of labels that were found
	asked  int
}

func newTopicScores(tagger *topic.Tagger, labels map[string][]string) *topicScores {
	s := &topicScores{tagger: tagger, labels: labels, counts: map[string]*topicScore{}}
	for label := range labels {
		s.of(label)
	}
	return s
}

// learn takes the labels of one row. All are known before the first is counted: what is
// found before a label is there for the first time is false.
func (s *topicScores) learn(row labelled.Row) {
	for _, t := range row.Topics {
		s.of(t.Topic)
	}
}

// add counts one row.
func (s *topicScores) add(row labelled.Row) {
	if row.Topics == nil {
		return
	}
	truth := map[string]bool{}
	for _, t := range row.Topics {
		truth[t.Topic] = true
	}
	s.doc.Scan(row.Text)
	found := s.tagger.TagText(&s.state, &s.doc, s.doc.Language(), topic.Moment{}).Mentions
	for label, c := range s.counts {
		hit := slices.ContainsFunc(found, func(m topic.Mention) bool { return s.stands(label, m.Topic) })
		c.count(hit, truth[label])
	}
	for i, t := range row.Topics {
		again := slices.ContainsFunc(row.Topics[:i], func(o labelled.Topic) bool { return o.Topic == t.Topic })
		if !again {
			s.ask(t, found)
		}
	}
}

// ask compares the strongest mention that stands for a label with the label's sentiment.
func (s *topicScores) ask(t labelled.Topic, found []topic.Mention) {
	var strongest *topic.Mention
	for i := range found {
		if m := &found[i]; s.stands(t.Topic, m.Topic) && (strongest == nil || math.Abs(m.Score) > math.Abs(strongest.Score)) {
			strongest = m
		}
	}
	if t.Sentiment == "" || strongest == nil {
		return
	}
	s.asked++
	if t.Sentiment == string(pipeline.LabelOf(strongest.Score)) {
		s.right++
	}
}

// count counts one text.
func (s *topicScore) count(found, there bool) {
	switch {
	case found && there:
		s.Hits++
	case found:
		s.False++
	case there:
		s.Missed++
	}
}

func (s *topicScores) of(label string) *topicScore {
	c, ok := s.counts[label]
	if !ok {
		c = &topicScore{Label: label}
		s.counts[label] = c
	}
	return c
}

// stands says whether a found topic stands for the label.
func (s *topicScores) stands(label, found string) bool {
	names, mapped := s.labels[label]
	if !mapped {
		return topic.Covers(label, found)
	}
	return slices.ContainsFunc(names, func(n string) bool { return topic.Covers(n, found) })
}

// rows gives the figures by label, most frequent first, and the sum of those
// that something can stand for as "micro".
func (s *topicScores) rows() []topicScore {
	gates := s.tagger.Gates()
	known := s.tagger.Topics()
	micro := topicScore{Label: "micro"}
	var out []topicScore
	for _, label := range slices.Sorted(maps.Keys(s.counts)) {
		c := *s.counts[label]
		gate, promised := gates[label]
		c.finish(gate, promised)
		if slices.ContainsFunc(known, func(k string) bool { return s.stands(label, k) }) {
			micro.Hits, micro.False, micro.Missed = micro.Hits+c.Hits, micro.False+c.False, micro.Missed+c.Missed
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b topicScore) int { return cmp.Compare(b.Hits+b.Missed, a.Hits+a.Missed) })
	for _, label := range slices.Sorted(maps.Keys(gates)) {
		if s.counts[label] == nil && label != micro.Label {
			out = append(out, topicScore{Label: label, Interval: [2]float64{0, 1}, Gate: gateNoData})
		}
	}
	gate, promised := gates[micro.Label]
	micro.finish(gate, promised)
	return append(out, micro)
}

func topicScoreColumns() []column[topicScore] {
	share := func(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
	return []column[topicScore]{
		{name: "label", flex: true, value: func(s topicScore) string { return s.Label }},
		{name: "there", right: true, value: func(s topicScore) string { return strconv.Itoa(s.Hits + s.Missed) }},
		{name: "found", right: true, value: func(s topicScore) string { return strconv.Itoa(s.Hits + s.False) }},
		{name: "right", right: true, value: func(s topicScore) string { return strconv.Itoa(s.Hits) }},
		{name: "precision", right: true, value: func(s topicScore) string { return share(s.Precision) }},
		{name: "95 %", right: true, value: func(s topicScore) string { return fmt.Sprintf("%.3f-%.3f", s.Interval[0], s.Interval[1]) }},
		{name: "recall", right: true, value: func(s topicScore) string { return share(s.Recall) }},
		{name: "f1", right: true, value: func(s topicScore) string { return share(s.F1) }},
		{name: "gate", value: func(s topicScore) string { return s.Gate }},
	}
}
