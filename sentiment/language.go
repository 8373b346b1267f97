package sentiment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"
)

// Undetermined is the code of a text too short or too unclear to judge.
const Undetermined = "und"

// Language is what is known of a text's language.
type Language struct {
	Code    string // ISO 639-1, or Undetermined
	English bool   // may be scored with the English lexicon
}

// Limits of the detection.
const (
	maxJudged  = 512 // bytes: bounds the cost of the trigram judgement
	minLetters = 20  // fewer letters are no evidence for trigrams
)

// englishWord holds frequent words that English shares with no other language
// of Latin letters, or hardly so.
var englishWord = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`the and with that this they you your have for not but from would could should it i my
		our very just because been are what when there their after she been really about which who than then them were will
		don't didn't wasn't isn't can't won't couldn't it's i'm i've we're they're get got did does do being where how why again
		never always only every much many more some any other too back even still want need service food place good great bad
		nice love like time people ordered staff best worst don't by ever here his her him out up down into over off own these those`) {
		set[w] = true
	}
	return set
}()

// foreignWord holds frequent words that one other language has nearly for its
// own. They settle what trigrams cannot: short text, and the near pairs
// Spanish-Portuguese and German-Dutch.
var foreignWord = func() map[string]string {
	set := map[string]string{}
	for code, words := range map[string]string{
		"es": `el los las y pero muy esta este está por para una con lo mi más qué porque hoy yo tengo hay gracias como ya eso todo bien cuando mejor si servicio comida estoy`,
		"pt": `não um uma você com muito meu minha eu mas isso foi pra são ele ela então também tá vc hoje tem mais tudo quando melhor ser vou serviço comida é nao`,
		"de": `der das und ist nicht ich ein eine zu mit für auf den sehr wir auch es von aber sich war dem wie im schon noch mal nur heute wenn dass hat sind mir`,
		"nl": `het een niet van ik maar voor ook zijn op dat heel goed erg wij naar nog wel geen heb eten bediening lekker`,
		"fr": `le les est pas une et je des pour dans qui sur avec très nous vous mais c'est j'ai du au ce ça elle plus tout bien`,
		"it": `il che di è non per sono una con mi del della ma anche molto più questo gli come ho ha alla dei lo bene`,
	} {
		for _, w := range strings.Fields(words) {
			if _, shared := set[w]; shared {
				set[w] = "" // in two languages: no evidence
				continue
			}
			set[w] = code
		}
	}
	return set
}()

// Language tells the text's language. A count of English function words settles
// plain English, one alone does if no word speaks against it; whatlanggo's
// trigrams judge the rest where the text is long enough and the judgement
// reliable. Short or unclear text in Latin letters is Undetermined and passes
// for English, text in other letters never does.
func (d *Doc) Language() Language {
	hits := 0
	for i := range d.Tokens {
		if englishWord[string(d.Lower(i))] {
			hits++
		}
		if i == 63 {
			break
		}
	}
	tokens := min(len(d.Tokens), 64)
	if hits >= 2 && hits*5 >= tokens {
		return Language{Code: "en", English: true}
	}
	return d.judgeLanguage(hits)
}

// plain tells whether the text is all ASCII and none of its first words speaks
// for another language. With an English function word in it, such a text needs
// no trigrams, which cost more than all other analysis.
func (d *Doc) plain() bool {
	for i := range min(len(d.Tokens), 64) {
		word := d.Lower(i)
		if foreignWord[string(word)] != "" {
			return false
		}
		for _, b := range word {
			if b >= utf8.RuneSelf {
				return false
			}
		}
	}
	return true
}

func (d *Doc) judgeLanguage(englishHits int) Language {
	text := d.letters()
	latin, other := countLetters(text)
	foreign := other > latin
	unclear := Language{Code: Undetermined, English: !foreign}
	if latin+other == 0 || !foreign && latin < minLetters {
		return unclear
	}
	if code, ok := d.byFunctionWords(englishHits); ok && !foreign {
		return Language{Code: code}
	}
	if !foreign && englishHits > 0 && d.plain() {
		return Language{Code: "en", English: true}
	}
	info := whatlanggo.DetectWithOptions(text, whatlanggo.Options{Whitelist: candidates})
	code := info.Lang.Iso6391()
	if info.Lang < 0 || code == "" || !info.IsReliable() {
		return unclear
	}
	if code == "en" {
		return Language{Code: "en", English: true}
	}
	if !foreign && englishHits*5 >= min(len(d.Tokens), 64) {
		return unclear // English words speak against the trigrams
	}
	return Language{Code: code}
}

// byFunctionWords returns the language whose own words stand out: two at least,
// an eighth of the text, twice the next language's and more than English has.
func (d *Doc) byFunctionWords(englishHits int) (code string, ok bool) {
	counts := map[string]int{}
	for i := range min(len(d.Tokens), 64) {
		if c := foreignWord[string(d.Lower(i))]; c != "" {
			counts[c]++
		}
	}
	best, second := 0, 0
	for c, n := range counts {
		switch {
		case n > best:
			code, best, second = c, n, best
		case n > second:
			second = n
		}
	}
	return code, best >= 2 && best*8 >= min(len(d.Tokens), 64) && best >= 2*second && best > englishHits
}

// letters is the text's first tokens without handles, links and digits, which
// are of no language.
func (d *Doc) letters() string {
	var b strings.Builder
	for i, t := range d.Tokens {
		if b.Len() > maxJudged {
			break
		}
		if t.Start > 0 && (d.Text[t.Start-1] == '@' || d.Text[t.Start-1] == '/') || isLink(d.Text[t.Start:t.End]) {
			continue
		}
		form := d.Lower(i)
		b.Write(form[:min(len(form), 64)])
		b.WriteByte(' ')
	}
	return strings.ToValidUTF8(b.String(), "")
}

func isLink(word string) bool {
	switch strings.ToLower(word) {
	case "http", "https", "www", "rt", "com":
		return true
	}
	return false
}

func countLetters(text string) (latin, other int) {
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if r >= 'a' && r <= 'z' {
				latin++
			}
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.IsLetter(r):
			other++
		}
	}
	return latin, other
}

// candidates are the languages worth telling apart: those of large customer
// bases in Latin letters, and all that their script alone almost gives away.
// Fewer candidates mean fewer English texts taken for a rare language.
var candidates = func() map[whatlanggo.Lang]bool {
	set := map[whatlanggo.Lang]bool{}
	for _, l := range []whatlanggo.Lang{
		whatlanggo.Eng, whatlanggo.Spa, whatlanggo.Fra, whatlanggo.Deu, whatlanggo.Ita, whatlanggo.Por, whatlanggo.Nld,
		whatlanggo.Swe, whatlanggo.Dan, whatlanggo.Nob, whatlanggo.Fin, whatlanggo.Pol, whatlanggo.Ces, whatlanggo.Hun,
		whatlanggo.Ron, whatlanggo.Tur, whatlanggo.Ind, whatlanggo.Vie, whatlanggo.Hrv,
		whatlanggo.Rus, whatlanggo.Ukr, whatlanggo.Bul, whatlanggo.Srp, whatlanggo.Arb, whatlanggo.Pes, whatlanggo.Urd,
		whatlanggo.Heb, whatlanggo.Hin, whatlanggo.Mar, whatlanggo.Amh,
	} {
		set[l] = true
	}
	return set
}()

// LanguageOf reads a BCP 47 tag given with the text; ok is false if it says nothing.
func LanguageOf(tag string) (Language, bool) {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-"), "-")
	switch base {
	case "", "und", "mul", "mis", "zxx":
		return Language{}, false
	case "en", "eng":
		return Language{Code: "en", English: true}, true
	}
	return Language{Code: base}, true
}
