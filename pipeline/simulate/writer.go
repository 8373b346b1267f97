package simulate

import (
	"math/rand/v2"
	"strings"
	"unicode"
)

// writer builds one text.
type writer struct {
	*voice
	rng   *rand.Rand
	scene *scene
	text  []byte
}

// say appends the rule as it is.
func (w *writer) say(rule int) { w.text = w.voice.say(w.text, rule, w.scene, w.rng) }

// word appends the rule as a last word.
func (w *writer) word(rule int) {
	w.text = append(w.text, ' ')
	w.say(rule)
}

// space separates what comes from what is there.
func (w *writer) space() {
	if n := len(w.text); n > 0 && w.text[n-1] != '\n' && w.text[n-1] != ' ' {
		w.text = append(w.text, ' ')
	}
}

// sentence appends the rule as a sentence, with its full stop.
func (w *writer) sentence(rule int) {
	w.space()
	w.say(rule)
	w.stop()
}

func (w *writer) stop() {
	if n := len(w.text); n > 0 && !strings.ContainsRune(".!?…", rune(w.text[n-1])) {
		w.text = append(w.text, '.')
	}
}

func polarity(m mention) tone {
	if m.negative {
		return negative
	}
	return positive
}

// mentions appends a clause for each, joined the way people do.
func (w *writer) mentions(list []mention) {
	for i, m := range list {
		turn := i > 0 && list[i-1].negative != m.negative
		switch {
		case i == 0:
			w.space()
		case turn && w.rng.Float64() < 0.6:
			w.text = append(w.text[:len(w.text)-1], ", but "...)
		case turn:
			w.text = append(w.text, pick(w.rng, []string{" on the other hand, ", " that said, ", " still, ", " to be fair, "})...)
		case w.rng.Float64() < 0.3:
			w.text = append(w.text[:len(w.text)-1], pick(w.rng, []string{" and ", ", and ", ", plus "})...)
		case w.rng.Float64() < 0.35:
			w.text = append(w.text, pick(w.rng, []string{" also, ", " plus ", " and ", " oh and ", " on top of that, "})...)
		default:
			w.text = append(w.text, ' ')
		}
		w.say(w.clause[m.topic][polarity(m)])
		w.stop()
	}
}

// fragments appends the mentions in telegram style.
func (w *writer) fragments(list []mention) {
	for i, m := range list {
		if i > 0 {
			turn := list[i-1].negative != m.negative
			switch {
			case turn:
				w.text = append(w.text, pick(w.rng, []string{" but ", ", but ", " though "})...)
			default:
				w.text = append(w.text, pick(w.rng, []string{", ", ". ", " and ", "; "})...)
			}
		}
		w.say(w.terse[m.topic][polarity(m)])
	}
	if w.rng.Float64() < 0.5 {
		w.stop()
	}
}

// habits are how people type on a channel: probabilities of lower case
// throughout, one typo, a doubled exclamation mark, shouting.
type habits struct{ lower, typo, bang, shout float64 }

var typing = [channelCount]habits{
	survey: {.2, .1, .05, .015}, review: {.05, .12, .05, .008}, social: {.5, .12, .08, .02}, email: {.03, .06, .01, .003},
	chat: {.5, .18, .03, .01}, phone: {}, sms: {.55, .18, .05, .01}, inPerson: {.1, .05, .05, .01}, chatbot: {.55, .18, .02, .01}, selfService: {.1, .08, .02, .005},
}

// finish turns what was said into what was typed on the channel.
func (w *writer) finish(ch channel) string {
	h, rng := typing[ch], w.rng
	text := string(w.text)
	if rng.Float64() < h.lower {
		text = strings.ToLower(text)
		if rng.Float64() < 0.5 {
			text = strings.ReplaceAll(text, "'", "")
		}
		text = strings.TrimSuffix(text, ".")
	} else {
		text = sentenceCase(text)
	}
	if rng.Float64() < h.typo {
		text = typo(text, rng)
	}
	if rng.Float64() < h.bang && strings.HasSuffix(text, ".") {
		text = strings.TrimSuffix(text, ".") + pick(rng, []string{"!", "!!", "!!!", "..."})
	}
	if len(text) < 120 && rng.Float64() < h.shout {
		text = strings.ToUpper(text)
	}
	return text
}

// sentenceCase sets a capital at the start of each sentence.
func sentenceCase(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	start, ended := true, false
	for _, r := range text {
		switch {
		case start && unicode.IsLetter(r):
			r, start = unicode.ToUpper(r), false
		case start && (unicode.IsDigit(r) || r == '@' || r == '#'):
			start = false
		case r == '\n' || ended && r == ' ':
			start = true
		}
		ended = r == '.' || r == '!' || r == '?'
		b.WriteRune(r)
	}
	return b.String()
}

// typo swaps, drops or doubles one letter inside a longer word.
func typo(text string, rng *rand.Rand) string {
	if len(text) < 8 {
		return text
	}
	letter := func(i int) bool { return text[i]|0x20 >= 'a' && text[i]|0x20 <= 'z' }
	for range 8 {
		i := 1 + rng.IntN(len(text)-4)
		if !letter(i-1) || !letter(i) || !letter(i+1) || !letter(i+2) {
			continue
		}
		switch rng.IntN(3) {
		case 0:
			return text[:i] + string(text[i+1]) + string(text[i]) + text[i+2:]
		case 1:
			return text[:i] + text[i+1:]
		default:
			return text[:i] + string(text[i]) + text[i:]
		}
	}
	return text
}
