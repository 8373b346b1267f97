package main

import (
	"cmp"
	"fmt"
	"slices"

	"earshot/pipeline/insight"
	"earshot/pipeline/labelled"
	"earshot/sentiment"
	"earshot/sentiment/topic"
	"earshot/sentiment/topic/learned"
)

// modelScores counts a topics model's findings against labelled rows.
type modelScores struct {
	model  *learned.Model
	tagger *learned.Tagger
	doc    sentiment.Doc
	counts map[string]*topicScore
	right  int // polarities of given topics
	asked  int
}

// measureTopicsModel prints how well a topics model finds its topics, and on
// standard error how well it tells the sentiment towards given ones.
func (p *program) measureTopicsModel(path string, files []string, as string) error {
	if len(files) == 0 {
		return usagef("--topics-model needs labelled files to measure it on")
	}
	m, err := readTopicsModel(path)
	if err != nil {
		return err
	}
	s := &modelScores{model: m, tagger: learned.NewTagger(m), counts: map[string]*topicScore{}}
	for _, name := range m.Topics {
		s.counts[name] = &topicScore{Label: name}
	}
	for _, file := range files {
		if err := readLabelled(file, s.add); err != nil {
			return err
		}
	}
	if err := printListing(p.stdout, as, topicScoreColumns(), s.rows()); err != nil {
		return err
	}
	p.tellSentiment("given", s.right, s.asked)
	return nil
}

// tellSentiment says how often the sentiment towards topics is right, if there was any to tell.
func (p *program) tellSentiment(topics string, right, asked int) {
	if asked == 0 {
		return
	}
	low, high := insight.Wilson(right, asked)
	fmt.Fprintf(p.stderr, "sentiment of %s topics: %d of %d right, accuracy %.3f (%.3f – %.3f)\n",
		topics, right, asked, float64(right)/float64(asked), low, high)
}

func (s *modelScores) add(row labelled.Row) {
	if row.Topics == nil {
		return
	}
	s.doc.Scan(row.Text)
	found := s.tagger.Tag(&s.doc)
	truth := map[string]bool{}
	for _, t := range row.Topics {
		if !truth[t.Topic] {
			s.ask(t)
		}
		truth[t.Topic] = true
		if s.counts[t.Topic] == nil { // a label that the model does not know is missed
			s.counts[t.Topic] = &topicScore{Label: t.Topic}
		}
	}
	for label, c := range s.counts {
		hit := slices.ContainsFunc(found, func(f learned.Found) bool { return f.Topic == label })
		c.count(hit, truth[label])
	}
}

// ask counts the polarity of a given topic; without a label there is none to tell.
func (s *modelScores) ask(t labelled.Topic) {
	if t.Sentiment == "" {
		return
	}
	p, ok := s.tagger.Polarity(t.Topic)
	if !ok {
		return
	}
	s.asked++
	if p.Label == t.Sentiment {
		s.right++
	}
}

// rows gives the figures by label, most frequent first, and the sum as "micro".
func (s *modelScores) rows() []topicScore {
	micro := topicScore{Label: "micro"}
	var out []topicScore
	for _, c := range s.counts {
		c.finish(topic.Gate{}, false)
		micro.Hits, micro.False, micro.Missed = micro.Hits+c.Hits, micro.False+c.False, micro.Missed+c.Missed
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b topicScore) int {
		return cmp.Or(cmp.Compare(b.Hits+b.Missed, a.Hits+a.Missed), cmp.Compare(a.Label, b.Label))
	})
	micro.finish(topic.Gate{}, false)
	return append(out, micro)
}
