package topic

import (
	"maps"
	"slices"

	"earshot/sentiment"
)

// turned reports phrases of good or bad news that a negation turns in an example of
// their own topic: "wifi *4 work*" under negative makes praise of "the wifi did not work".
func (l *linter) turned() {
	var s State
	var d sentiment.Doc
	for _, name := range slices.Sorted(maps.Keys(l.own.Topics)) {
		for _, text := range l.own.Topics[name].Match {
			d.Scan(text)
			for _, m := range l.tagger.Tag(&s, &d, Moment{}).Mentions {
				p, written := &l.tagger.patterns[m.pattern], &l.tagger.written[m.pattern]
				if m.Topic != name || p.polarity*m.Polarity >= 0 {
					continue
				}
				news := "bad"
				if m.Polarity > 0 {
					news = "good"
				}
				l.report(written.pack.file, written.line, false, name,
					"phrase %q: a negation turns the example %q to %s news; if that is not meant, write the negation into the phrase", written.Text, text, news)
			}
		}
	}
}
