package simulate

import (
	"errors"
	"strings"

	"earshot/pipeline"
)

// tone is what a piece of wording conveys.
type tone int

const (
	negative tone = iota
	positive
	plain
)

var toneNames = [...]string{"negative", "positive", "plain"}

// voice finds the words: the rules of the grammar by what they are for.
type voice struct {
	*grammar
	clause, terse                [][2]int // by topic, then negative or positive
	opener, closer, title        [3]int   // of reviews, by tone
	foreign                      [][3]int // by language (0 is empty), then tone
	emoji, hashtag               [3]int
	setting, remark, remarkTerse int // why they came; neutral observations
	offTopic, question           int
	greeting, mailStart, mailAsk int
	mailEnd, mailSubject         int
	tagged                       int // how a post addresses the chain
	chatStart, agentHello        int
	agentSorry, agentFix         int
	agentNoFix, agentAnswer      int
	agentThanks                  int
	customerDone, customerUnmet  int
	botHello, botStuck           int
	followHappy, followUnhappy   int
}

// lookup resolves rule names and remembers the failures.
type lookup struct {
	g    *grammar
	errs []error
}

func (l *lookup) rule(name string) int {
	i, err := l.g.rule(name)
	l.errs = append(l.errs, err)
	return i
}

func (l *lookup) tones(prefix string) (out [3]int) {
	for i, tone := range toneNames {
		out[i] = l.rule(prefix + " " + tone)
	}
	return out
}

func newVoice() (*voice, error) {
	g, err := newGrammar()
	if err != nil {
		return nil, err
	}
	l := &lookup{g: g}
	v := &voice{
		grammar: g, opener: l.tones("opener"), closer: l.tones("closer"), title: l.tones("title"), emoji: l.tones("emoji"), hashtag: l.tones("hashtag"),
		setting: l.rule("setting"), remark: l.rule("remark"), remarkTerse: l.rule("remark terse"), offTopic: l.rule("off topic"), question: l.rule("question"),
		greeting: l.rule("greeting"), mailStart: l.rule("mail start"), mailAsk: l.rule("mail ask"), mailEnd: l.rule("mail end"), mailSubject: l.rule("mail subject"),
		tagged: l.rule("tagged"), chatStart: l.rule("chat start"), agentHello: l.rule("agent hello"), agentSorry: l.rule("agent sorry"), agentFix: l.rule("agent fix"),
		agentNoFix: l.rule("agent no fix"), agentAnswer: l.rule("agent answer"), agentThanks: l.rule("agent thanks"), customerDone: l.rule("customer done"), customerUnmet: l.rule("customer unmet"),
		botHello: l.rule("bot hello"), botStuck: l.rule("bot stuck"), followHappy: l.rule("follow up happy"), followUnhappy: l.rule("follow up unhappy"),
	}
	for _, t := range topics {
		clause := [2]int{negative: l.rule(t.name + " negative")}
		terse := [2]int{negative: l.rule(t.name + " negative terse")}
		if t.positive > 0 {
			clause[positive], terse[positive] = l.rule(t.name+" positive"), l.rule(t.name+" positive terse")
		}
		v.clause, v.terse = append(v.clause, clause), append(v.terse, terse)
	}
	v.foreign = make([][3]int, len(languages))
	for i, code := range languages[1:] {
		v.foreign[i+1] = l.tones(code)
	}
	return v, errors.Join(l.errs...)
}

// sceneOf fills the slots for a visit.
func (c *Chain) sceneOf(e *pipeline.Event, v *visit) *scene {
	sc := &scene{slotProduct: v.product, slotCity: cities[c.places[v.place].city].name, slotDay: v.at.Weekday().String()}
	if v.product == "" {
		sc[slotProduct] = products[skewed(c.rng, len(products))]
	}
	switch hour := v.at.Hour(); {
	case hour >= 5 && hour < 11:
		sc[slotMeal] = "breakfast"
	case hour >= 11 && hour < 16:
		sc[slotMeal] = "lunch"
	default:
		sc[slotMeal] = "dinner"
	}
	sc[slotPartner] = "delivery"
	if v.partner > 0 {
		sc[slotPartner] = partners[v.partner-1]
	}
	sc[slotAgent] = pick(c.rng, firstNames)
	sc[slotGuest] = "a guest"
	if e.Customer != nil {
		sc[slotGuest], _, _ = strings.Cut(e.Customer.Name, " ")
	}
	return sc
}

// tone is the visit's overall one.
func (v *visit) tone() tone {
	bad := v.complaints()
	switch {
	case bad > 0 && 2*bad >= len(v.mentions):
		return negative
	case len(v.mentions) > 0:
		return positive
	}
	return plain
}

// write gives the event its words. A survey or a star without a word is common.
func (c *Chain) write(e *pipeline.Event, v *visit) {
	rng := c.rng
	w := &writer{voice: c.voice, rng: rng, scene: c.sceneOf(e, v)}
	silent := v.channel == survey && rng.Float64() < 0.3 || v.channel == review && rng.Float64() < 0.12
	switch {
	case silent:
		v.mentions = nil
	case v.language > 0:
		w.say(c.voice.foreign[v.language][v.tone()])
		v.mentions = nil
	case v.offTopic:
		w.say(c.voice.offTopic)
	case v.channel == review:
		c.writeReview(w, e, v)
	case v.channel == email || v.channel == selfService:
		c.writeMail(w, e, v)
	case v.channel == social:
		c.writePost(w, v)
	default:
		c.writeShort(w, v)
	}
	e.Text = w.finish(v.channel)
	if v.language > 0 {
		e.Text = string(w.text)
	}
}

func (c *Chain) writeReview(w *writer, e *pipeline.Event, v *visit) {
	rng, tone := w.rng, v.tone()
	if rng.Float64() < 0.6 {
		title := writer{voice: w.voice, rng: rng, scene: w.scene}
		title.say(c.voice.title[tone])
		e.Title = title.finish(review)
	}
	if rng.Float64() < 0.5 {
		w.sentence(c.voice.opener[tone])
	}
	if rng.Float64() < 0.6 {
		w.sentence(c.voice.setting)
	}
	w.mentions(v.mentions)
	if len(v.mentions) == 0 || rng.Float64() < 0.08 {
		w.sentence(c.voice.remark)
	}
	if rng.Float64() < 0.55 {
		w.sentence(c.voice.closer[tone])
	}
}

func (c *Chain) writeMail(w *writer, e *pipeline.Event, v *visit) {
	mail := v.channel == email
	if mail {
		subject := writer{voice: w.voice, rng: w.rng, scene: w.scene}
		subject.say(c.voice.mailSubject)
		e.Title = subject.finish(email)
		w.say(c.voice.greeting)
		w.text = append(w.text, "\n\n"...)
	}
	if mail || w.rng.Float64() < 0.4 {
		w.sentence(c.voice.mailStart)
	}
	w.mentions(v.mentions)
	switch {
	case len(v.mentions) == 0:
		w.sentence(c.voice.question)
	case v.complaints() > 0:
		w.sentence(c.voice.mailAsk)
	}
	if mail {
		w.text = append(w.text, "\n\n"...)
		w.say(c.voice.mailEnd)
	}
}

func (c *Chain) writePost(w *writer, v *visit) {
	rng, tone := w.rng, v.tone()
	if rng.Float64() < 0.45 {
		w.say(c.voice.tagged)
		w.text = append(w.text, ' ')
	}
	w.mentions(v.mentions)
	if len(v.mentions) == 0 {
		w.sentence(c.voice.remark)
	}
	if rng.Float64() < 0.4 {
		w.word(c.voice.emoji[tone])
	}
	if rng.Float64() < 0.25 {
		w.word(c.voice.hashtag[tone])
	}
}

// writeShort is a survey comment, a card, a text message or the start of a chat.
func (c *Chain) writeShort(w *writer, v *visit) {
	rng := w.rng
	contact := services[v.channel].live
	if contact && rng.Float64() < 0.6 {
		w.sentence(c.voice.chatStart)
	}
	switch {
	case len(v.mentions) == 0 && contact:
		w.sentence(c.voice.question)
	case len(v.mentions) == 0:
		w.sentence(c.voice.remarkTerse)
	case !contact && rng.Float64() < 0.55:
		w.fragments(v.mentions)
	default:
		w.mentions(v.mentions)
	}
	if !contact && rng.Float64() < 0.06 {
		w.word(c.voice.emoji[v.tone()])
	}
}

// writeFollowUp is what a customer says later in a thread.
func (c *Chain) writeFollowUp(e *pipeline.Event, v *visit, happy bool) {
	w := &writer{voice: c.voice, rng: c.rng, scene: c.sceneOf(e, v)}
	if happy {
		w.sentence(c.voice.followHappy)
	} else {
		w.sentence(c.voice.followUnhappy)
	}
	e.Text, e.Language = w.finish(v.channel), ""
}
