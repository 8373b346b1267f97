package phrase

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"earshot/sentiment"
)

// MaxWords is the length of the longest candidate.
const MaxWords = 4

// Span is the tokens [First, End) of a text.
type Span struct{ First, End int }

// role says where in a candidate a token may stand.
type role uint8

const (
	content role = iota // anywhere
	weak                // anywhere beside a word of content: hours on hold
	bridge              // between words of content: of, the, my
	tail                // after a word of content: sold out
	barrier             // nowhere: pronouns, auxiliaries, links, @handles, numbers
)

// Candidates appends to dst the runs of one to MaxWords tokens, parted by no
// mark, that begin and end with a word and hold a word of content. They are read from the tokens
// alone, which is cheap; a Judge says which of them are phrases.
func Candidates(dst []Span, d *sentiment.Doc) []Span {
	for first := range d.Tokens {
		begins := roleOf(d, first)
		if begins != content && begins != weak {
			continue
		}
		telling := begins == content
		if telling && wordy(d.Lower(first)) {
			dst = append(dst, Span{first, first + 1})
		}
		for i := first + 1; i < len(d.Tokens) && i < first+MaxWords && d.Tokens[i].Break == sentiment.NoBreak; i++ {
			r := roleOf(d, i)
			if r == barrier {
				break
			}
			telling = telling || r == content
			if telling && (r == content || r == weak || r == tail && i == first+1) {
				dst = append(dst, Span{first, i + 1})
			}
		}
	}
	return dst
}

// Text is a span's words in lower case, single spaces between.
func (s Span) Text(d *sentiment.Doc) string {
	var b strings.Builder
	for i := s.First; i < s.End; i++ {
		if i > s.First {
			b.WriteByte(' ')
		}
		b.Write(d.Lower(i))
	}
	return b.String()
}

// wordy says whether a word can be a theme of its own: three letters at least.
func wordy(word []byte) bool { return utf8.RuneCount(word) >= 3 }

// roleOf tells the role of token i.
func roleOf(d *sentiment.Doc, i int) role {
	t := d.Tokens[i]
	if foreign(d.Text, t) {
		return barrier
	}
	word := d.Lower(i)
	if r, known := functionWords[string(word)]; known {
		return r
	}
	first, size := utf8.DecodeRune(word)
	switch {
	case !unicode.IsLetter(first) && !unicode.IsDigit(first), len(word) == size:
		return barrier
	case bytes.IndexByte(word, '\'') >= 0, len(bytes.Trim(word, "x")) == 0:
		return barrier // don't, it's; xxxx stands where something was masked
	case unicode.IsDigit(first):
		return numeral(word)
	}
	return content
}

// numeral lets a number with letters (5g, 737max) be content, others nothing.
func numeral(word []byte) role {
	for _, r := range string(word) {
		if unicode.IsLetter(r) {
			return content
		}
	}
	return barrier
}

// foreign says whether a token is part of a link, an e-mail address or a handle.
func foreign(text string, t sentiment.Token) bool {
	if t.Start > 0 {
		switch text[t.Start-1] {
		case '@', '/', '_', '=':
			return true
		case '.':
			if t.Start > 1 && text[t.Start-2] > ' ' && text[t.Start-2] != '.' {
				return true // example.com
			}
		}
	}
	if t.End >= len(text) {
		return false
	}
	switch text[t.End] {
	case '@', '_':
		return true
	case '/', '.':
		return t.End+1 < len(text) && text[t.End+1] > ' ' && text[t.End+1] != '.' && text[t.End] == '.' && text[t.End+1] >= 'a' && text[t.End+1] <= 'z'
	case ':':
		return strings.HasPrefix(text[t.End:], "://")
	}
	return false
}

// functionWords are the words that are no content, by what they may be instead.
var functionWords = roles(map[role]string{
	bridge: "of the a an my our your their to for in on at with and by per no not without or from into",
	tail:   "out off up down over back away",
	weak: `hour hours hr hrs minute minutes min mins day days week weeks month months year years time times morning afternoon evening night weekend
		guy guys people person man woman lady place places experience review reviews star stars job part end point reason fact case word words
		call date number line non semi new old long big small different whole full half due able sure right wrong real extra`,
	barrier: `i me we us you he him she her it they them this that these those who whom whose which what when where why how
		is am are was were be been being do does did doing done have has had having will would shall should can could may might must cannot
		im ive id ill dont didnt doesnt isnt wasnt arent werent cant couldnt wont wouldnt havent hasnt hadnt aint youre youve theyre thats its
		its itself myself yourself themselves himself herself ourselves mine yours ours hers theirs
		if then than as so but because although though while until unless since during before after about above below between through under again
		there here all any both each few more most other others another some such only own same too very just also even still already yet ever never always often sometimes
		now today tonight yesterday tomorrow soon later once twice ago else
		really quite rather pretty totally absolutely definitely actually literally basically probably maybe perhaps simply especially extremely highly super
		much many lot lots bit little less least enough every everything everyone everybody anything anyone anybody nothing nobody none something someone somebody
		one two three four five six seven eight nine ten first second third last next several couple
		get gets got getting gotten go goes going went gone make makes made making take takes took taken taking give gives gave given giving let lets
		say says said saying tell tells told know knows knew think thinks thought want wants wanted see sees saw seen come comes came coming
		need needs needed try tries tried trying use uses used using put puts look looks looked looking seem seems seemed feel feels felt find finds found
		yes yeah ok okay please thanks thank thx hi hello hey oh wow lol omg rt amp via etc
		great good nice excellent amazing awesome fantastic wonderful perfect perfectly lovely best better worst worse bad badly terrible horrible awful poor
		decent fine happy love loved loves lovely liked enjoy enjoyed favorite favourite hate hated disappointed disappointing disappointment pleasant superb
		beautiful fabulous brilliant outstanding incredible gorgeous cute recommend recommended recommends worth wonderfully excellently greatest nicely
		am pm mr mrs ms vs st nd rd th like well however instead anyway towards upon within across along around near except whether either neither nor
		way thing things stuff kind sort type`,
})

// roles spreads the lists; a word of several lists keeps the tail, then the bridge.
func roles(lists map[role]string) map[string]role {
	out := map[string]role{}
	for _, r := range []role{barrier, weak, bridge, tail} {
		for word := range strings.FieldsSeq(lists[r]) {
			out[word] = r
		}
	}
	return out
}

// ContentWords are the words of content of a candidate.
func ContentWords(candidate string) []string {
	var out []string
	for word := range strings.FieldsSeq(candidate) {
		if _, known := functionWords[word]; !known {
			out = append(out, word)
		}
	}
	return out
}
