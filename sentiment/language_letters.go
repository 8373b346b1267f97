package sentiment

import (
	"maps"
	"math/bits"
	"slices"
	"strings"

	"earshot/sentiment/dictionary"
)

// letterVote is what a letter says for one language.
type letterVote struct {
	lang  int
	score int32
}

// letterEvidence maps the letters beyond ASCII to what they say: those before the
// bar are typical of a language, those behind it occur.
var letterEvidence = func() map[rune][]letterVote {
	table := map[rune][]letterVote{}
	for code, letters := range map[string]string{
		"es": "ñ¿¡|áíóúé", "pt": "ãõ|çáâêôéíóúà", "fr": "œëêîïôûé|èçùàâ", "it": "ìò|èùàé", "de": "ßüäö|", "nl": "|ëï", "sv": "åäö|", "da": "æøå|",
		"no": "æøå|", "fi": "äö|", "pl": "łżźśąęćń|ó", "cs": "ěřůčšžý|áíéú", "hu": "őű|áéíóöúü", "ro": "șțşţă|âî", "tr": "ğışİ|çöü",
		"vi": "ơưđạảấầẩậắằẵặếềểễệỉịọốồổỗộớờởợụủứừửữựỳỹ|ă", "hr": "čćđšž|", "ca": "·|çàèéíòóú",
	} {
		typical, _, _ := strings.Cut(letters, "|")
		for at, r := range letters {
			switch {
			case at < len(typical):
				table[r] = append(table[r], letterVote{latinIndex(code), typicalLetter})
			case r != '|':
				table[r] = append(table[r], letterVote{latinIndex(code), possibleLetter})
			}
		}
	}
	return table
}()

// partTable is what the parts of words say.
type partTable struct {
	numbers *dictionary.Table
	says    []wordEvidence
	lengths [32][32]uint8 // of the parts by the low bits of their last two bytes, as bits
}

// of is the number of the longest part that ends a word, 0 if there is none.
func (t *partTable) of(word []byte) int {
	longest := min(len(word)-2, 5)
	if longest < 2 {
		return 0
	}
	lengths := t.lengthsOf(word[len(word)-2], word[len(word)-1]) & (1<<(longest+1) - 1)
	for n := 0; lengths != 0; {
		n, lengths = longestOf(lengths)
		part := word[len(word)-n:]
		if id := t.numbers.ID(dictionary.Hash(part), part); id != 0 {
			return id
		}
	}
	return 0
}

// endings are typical ends of longer words.
var endings = func() partTable {
	table := map[string]wordEvidence{}
	for code, parts := range map[string]string{
		"en": "ing tion ness ght ally ould", "es": "ción iones iendo ando ado ada ados adas mente ería ito ita illo ía ísimo ar ez",
		"pt": "ção ções inho inha ando endo indo ado ada ados adas eiro eira mente agem ável ões ão am ei ou",
		"fr": "tion ment eux euse aux eau eaux aient ique iques iste ière oire és ées ée ez erait ier ons", "it": "zione zioni bile bili mente ello ella etto etta ità aggio ando endo ato ata ati ate ino ina ini ere are ire cchi ssimo ssima",
		"de": "ung ungen keit heit lich liche lichen isch ische schen schaft ieren iert sch chen eich tten ssen", "nl": "lijk lijke heid ijk ijn aar ooi tje tjes",
	} {
		for _, part := range strings.Fields(parts) {
			e := table[part]
			e.langs |= 1 << latinIndex(code)
			table[part] = e
		}
	}
	t := partTable{numbers: dictionary.Of(slices.Sorted(maps.Keys(table))), says: make([]wordEvidence, len(table)+1)}
	for id := 1; id < t.numbers.Len(); id++ {
		e := table[t.numbers.Word(id)]
		e.score = max(1, surePart/int32(bits.OnesCount32(uint32(e.langs))))
		t.says[id] = e
		part := t.numbers.Word(id)
		t.lengths[part[len(part)-2]&31][part[len(part)-1]&31] |= 1 << len(part)
	}
	return t
}()

// elided are the words that lose their vowel before another.
var elided = func() map[string]wordEvidence {
	fr, it := languageMask(1)<<latinIndex("fr"), languageMask(1)<<latinIndex("it")
	table := map[string]wordEvidence{"l": {fr | it, surePart}, "d": {fr | it, surePart}, "c": {fr | it, surePart}}
	for _, w := range strings.Fields("j n s m t qu jusqu lorsqu puisqu") {
		table[w] = wordEvidence{fr, sureWord}
	}
	for _, w := range strings.Fields("dell nell all sull dall un quell quest bell") {
		table[w] = wordEvidence{it, sureWord}
	}
	return table
}()
