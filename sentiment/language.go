package sentiment

import (
	"strings"

	"github.com/abadojack/whatlanggo"
)

// Undetermined is the code of a text too short or too unclear to judge.
const Undetermined = "und"

// Language is what is known of a text's language.
type Language struct {
	Code    string // ISO 639-1, or Undetermined
	English bool   // may be scored with the English lexicon
}

var plainEnglish = Language{Code: "en", English: true}

// Limits of the detection.
const (
	maxJudgedTokens = 64  // read at the most
	firstGlance     = 12  // tokens after which plain English is told
	maxJudgedBytes  = 512 // given to the trigrams
	minLetters      = 20  // fewer are no evidence for trigrams
)

// Language tells the text's language, looking at its first 64 words without
// handles, links and hashtags.
//
// Words and letters settle most: a dozen words plain English, the rest if one
// language leads. Letters that are not Latin give the language by their script.
// Where that leaves it open and the text is long enough, whatlanggo's trigrams
// judge. A text in Latin letters that stays unclear is Undetermined and passes
// for English; text in other letters never does.
func (d *Doc) Language() Language {
	var v votes
	if v.read(d, false) {
		return plainEnglish
	}
	if v.tokens == 0 {
		v.read(d, true) // nothing but hashtags
	}
	if v.foreign > v.latin {
		return d.byScript(&v)
	}
	return d.byVotes(&v)
}

// byVotes judges a text in Latin letters.
func (d *Doc) byVotes(v *votes) Language {
	first, second := v.best()
	en, most, next := v.score[english], v.score[first], v.score[second]
	switch {
	case en >= most && en >= sureWord/2:
		return plainEnglish
	case most >= sureWord && most >= 2*en && most > next && int(most)*3 >= v.tokens*2:
		return Language{Code: latin[first].code}
	case v.latin < minLetters:
		return Language{Code: Undetermined, English: true}
	}
	return d.byTrigrams(v, first, most > next)
}

// byTrigrams asks whatlanggo. Its word counts where the votes say the same, or
// where it is sure and no English word speaks against it. Six words and more
// without an English one are not English.
func (d *Doc) byTrigrams(v *votes, first int, ahead bool) Language {
	info := whatlanggo.DetectWithOptions(d.letters(), whatlanggo.Options{Whitelist: latinCandidates})
	code := info.Lang.Iso6391()
	if info.Confidence == 0 {
		code = "" // a tie, of which it names any
	}
	en, most := v.score[english], v.score[first]
	switch {
	case code == "en" && en >= most:
		return plainEnglish
	case code == latin[first].code && most > en:
		return Language{Code: code}
	case code != "" && code != "en" && info.IsReliable() && en <= most && (most >= surePart || v.accented):
		return Language{Code: code}
	case ahead && most > en && most >= sureWord/2:
		return Language{Code: latin[first].code}
	}
	return Language{Code: Undetermined, English: en > 0 || v.tokens < 6}
}

// letters is the text's first tokens without handles, links and digits, which
// are of no language.
func (d *Doc) letters() string {
	var b strings.Builder
	linkEnd := 0
	for i, t := range d.Tokens {
		if b.Len() > maxJudgedBytes {
			break
		}
		if t.Start < linkEnd || byteBefore(d.Text, t.Start) == '@' {
			continue
		}
		form := d.Lower(i)
		if isLink(form) {
			linkEnd = endOfRun(d.Text, t.End)
			continue
		}
		b.Write(form[:min(len(form), 64)])
		b.WriteByte(' ')
	}
	return strings.ToValidUTF8(b.String(), "")
}

// latinCandidates are the languages worth telling apart by trigrams: those of
// large customer bases. Fewer candidates mean fewer English texts taken for a
// rare language.
var latinCandidates = candidates(
	whatlanggo.Eng, whatlanggo.Spa, whatlanggo.Fra, whatlanggo.Deu, whatlanggo.Ita, whatlanggo.Por, whatlanggo.Nld,
	whatlanggo.Swe, whatlanggo.Dan, whatlanggo.Nob, whatlanggo.Fin, whatlanggo.Pol, whatlanggo.Ces, whatlanggo.Hun,
	whatlanggo.Ron, whatlanggo.Tur, whatlanggo.Ind, whatlanggo.Vie, whatlanggo.Hrv)

func candidates(langs ...whatlanggo.Lang) map[whatlanggo.Lang]bool {
	set := make(map[whatlanggo.Lang]bool, len(langs))
	for _, l := range langs {
		set[l] = true
	}
	return set
}

// LanguageOf reads a BCP 47 tag given with the text; ok is false if it says nothing.
func LanguageOf(tag string) (Language, bool) {
	if tag == "" {
		return Language{}, false
	}
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-"), "-")
	switch base {
	case "", "und", "mul", "mis", "zxx":
		return Language{}, false
	case "en", "eng":
		return plainEnglish, true
	}
	return Language{Code: base}, true
}
