package pipeline

import (
	"io/fs"
	"os"
	"sync"
	"unicode/utf8"

	"earshot/sentiment"
	"earshot/sentiment/lexicon"
	"earshot/sentiment/model"
	"earshot/sentiment/topic"
	"earshot/sentiment/topic/learned"
)

// AnalyzerOptions choose the language tools.
type AnalyzerOptions struct {
	Pack    string         // taxonomy: a built-in one or one of PackDir
	PackDir string         // folder of further taxonomy files; empty: none
	Places  *Places        // local time and opening hours of locations; nil: UTC
	Lexicon string         // file or folder of further lexicons; empty: none
	Model   *model.Model   // learned sentiment of English; nil: lexicons and the taxonomy
	Others  LanguageModels // learned sentiment of other languages
	Topics  *learned.Model // learned topics beside those of the taxonomy; nil: none
}

// scoreModel names the rules behind the VADER figures: the reference's version.
const scoreModel = "vader@3.3.2"

// TextAnalyzer is the Analyzer of the product. It is immutable and safe for
// concurrent use.
type TextAnalyzer struct {
	tagger        *topic.Tagger
	overlay       *lexicon.Overlay
	places        *Places
	model         string
	others        LanguageModels
	topicsVersion string
	desks         sync.Pool // of *desk
}

var _ Analyzer = (*TextAnalyzer)(nil)

// desk is the working memory of one Analyze call.
type desk struct {
	doc     sentiment.Doc
	state   topic.State
	lexicon lexicon.State
	learned *model.Scorer // of English; nil without a model
	others  map[string]*model.Scorer
	scored  *model.Scorer   // what judged this text; nil: no model
	rest    []string        // what it read, if not all of the text
	topics  *learned.Tagger // nil without a model
	tagged  bool            // topics read this text

	figures  lexicon.Figures
	belief   belief // what the text says of itself
	noAnswer bool   // it fills a field without answering
	blended  bool   // the phrases of the taxonomy decided
	signs    bool   // emoji and emoticons alone decided
	ends     []int
	parts    []lexicon.Part
	clauses  []lexicon.Part // of an English text
	pieces   []sentiment.Sentence
	asked    []askedName // as aspects
	turn     *desk       // for one turn after another; nil before the first
	said     []ExplainedTurn
}

func newDesk(m *model.Model, topics *learned.Model) *desk {
	d := new(desk)
	if m != nil {
		d.learned = model.NewScorer(m)
	}
	if topics != nil {
		d.topics = learned.NewTagger(topics)
	}
	return d
}

// NewTextAnalyzer compiles the taxonomy. An error names the file and line.
func NewTextAnalyzer(opts AnalyzerOptions) (*TextAnalyzer, error) {
	var packs fs.FS
	if opts.PackDir != "" {
		packs = topic.Folder{FS: os.DirFS(opts.PackDir), Path: opts.PackDir}
	}
	tagger, err := topic.Load(opts.Pack, packs)
	if err != nil {
		return nil, err
	}
	own, err := ReadLexicons(opts.Lexicon)
	if err != nil {
		return nil, err
	}
	overlay, err := lexicon.Load(tagger.Packs(), own)
	if err != nil {
		return nil, err
	}
	a := &TextAnalyzer{tagger: tagger, overlay: overlay, places: opts.Places,
		model: scoreModel + " " + overlay.Version() + " " + tagger.Version()}
	if opts.Model != nil {
		a.model = "learned@" + opts.Model.Version + " " + a.model
	}
	if opts.Topics != nil {
		a.topicsVersion = opts.Topics.Version
		a.model += " topics@" + a.topicsVersion
	}
	a.others = opts.Others
	a.model += opts.Others.version()
	a.desks.New = func() any { return newDesk(opts.Model, opts.Topics) }
	return a, nil
}

// Model is the version of everything that scores.
func (a *TextAnalyzer) Model() string { return a.model }

// Analyze scores e. It looks at AnalysedText(e), the language, the channel,
// the location and the local time. The rating is looked at for Joint alone, when all else is said.
func (a *TextAnalyzer) Analyze(e *Event) Analysis {
	d := a.desks.Get().(*desk)
	defer a.desks.Put(d)
	text, truncated := AnalysedText(e)
	out := Analysis{Model: a.model, Truncated: truncated}
	a.read(d, e, text, &out)
	return out
}

func (d *desk) scan(text string) {
	d.doc.Scan(text)
	d.noAnswer = d.doc.NoAnswer()
}

// read fills out and leaves in d what it was made of.
func (a *TextAnalyzer) read(d *desk, e *Event, text string, out *Analysis) topic.Result {
	d.scan(text)
	lang, given := sentiment.LanguageOf(e.Language)
	switch {
	case given:
	case d.noAnswer: // too short to tell, and said in English
		lang = sentiment.Language{Code: sentiment.Undetermined, English: true}
	default:
		lang = d.doc.Language()
	}
	at := MomentOf(e, a.places)
	at.SaysNothing = d.doc.SaysNothing() && !a.overlay.Rates(text)
	found := a.tagger.TagText(&d.state, &d.doc, lang, at)
	out.Language = lang.Code
	a.score(d, lang, found, out)
	d.hear(found.Mentions, lang, out.Sentiment)
	if len(e.Turns) > 0 && lang.English {
		out.Conversation = a.conversation(d, e.Turns, lang, found, out.Sentiment)
	}
	found.Mentions = d.ruled(found.Mentions)
	out.Topics = mentions(out.Topics, found.Mentions)
	if d.tagged = lang.English && d.topics != nil; d.tagged {
		d.learnedTopics(out)
	}
	out.Contexts, out.Intents = findingNames(out.Contexts, found.Contexts), findingNames(out.Intents, found.Intents)
	out.Tags = append(emptied(out.Tags, len(found.Tags)), found.Tags...)
	out.Joint = d.judge(out.Sentiment, RatingOf(e))
	return found
}

// The slices of an Analysis are never nil: its JSON holds [], not null.

// emptied is an empty slice for n values, in the memory of s if it has one.
func emptied[T any](s []T, n int) []T {
	if s == nil {
		return make([]T, 0, n)
	}
	return s[:0]
}

func mentions(memory []Mention, found []topic.Mention) []Mention {
	out := emptied(memory, len(found))
	for i := range found {
		m := &found[i]
		out = append(out, Mention{Topic: m.Topic, Sentiment: LabelOf(m.Score), Score: m.Score, Start: m.Start, End: m.End})
	}
	return out
}

func findingNames(memory []string, found []topic.Finding) []string {
	out := emptied(memory, len(found))
	for i := range found {
		out = append(out, found[i].Name)
	}
	return out
}

// AnalysedText returns what of e is analysed: the customer's turns, one a line,
// where there are any; else the text, a line break and the title, so that
// offsets count in the text itself; else the title. truncated means that only
// the first MaxTextBytes of it, on a rune boundary, are returned.
func AnalysedText(e *Event) (text string, truncated bool) {
	if len(e.Turns) > 0 {
		text = customerTurns(e.Turns)
	}
	if text == "" {
		text = e.Text
		switch {
		case blank(text):
			text = e.Title
		case !blank(e.Title):
			text += "\n" + e.Title
		}
	}
	if len(text) <= MaxTextBytes {
		return text, false
	}
	end := MaxTextBytes
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end], true
}
