package sentiment

import (
	"bytes"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// votes sums up what the words of a text say.
type votes struct {
	score    [32]int32 // by place in latin
	lanes    lanes     // votes that are not in score yet
	added    int       // words in lanes
	tokens   int       // words looked at
	latin    int       // letters
	foreign  int       // letters of other scripts
	accented bool      // a Latin letter beyond ASCII
	scripts  [scripts]int
	marks    scriptMarks
}

// read counts the words of d, and those of hashtags alone if tags is set. It
// stops with true when plain English is certain.
func (v *votes) read(d *Doc, tags bool) (isEnglish bool) {
	linkEnd := 0
	defer v.empty()
	for i := range min(len(d.Tokens), maxJudgedTokens) {
		t := &d.Tokens[i]
		if t.Start < linkEnd {
			continue
		}
		if t.info.row == noRow && isLink(d.Lower(i)) {
			linkEnd = endOfRun(d.Text, t.End)
			continue
		}
		if before := byteBefore(d.Text, t.Start); before == '@' || (before == '#' || t.Hashtag) != tags {
			continue
		}
		v.tokens++
		if t.info.row != noRow {
			v.said(&d.known.rows[t.info.row], t.info)
		} else {
			v.word(d.known, int(t.word), d.Lower(i))
		}
		if v.tokens == firstGlance {
			v.empty()
			if v.leads(english) && v.score[english] >= 3*sureWord && v.foreign == 0 {
				return true
			}
		}
	}
	return false
}

// word counts one word, whose number is id.
func (v *votes) word(known *vocabulary, id int, word []byte) {
	e := known.says[id]
	if e.langs == 0 {
		e = known.says[known.squeezed(word)]
	}
	if e.langs != 0 {
		v.add(e)
	} else {
		v.parts(word)
	}
	v.letters(word)
}

func (v *votes) add(e wordEvidence) {
	for m := e.langs; m != 0; m &= m - 1 {
		v.score[bits.TrailingZeros32(uint32(m))] += e.score
	}
}

// squeezed is the number of an elongated word without the repeats, 0 if it is not there:
// "sempreeee".
func (known *vocabulary) squeezed(word []byte) int {
	if !tripled(word) {
		return 0
	}
	var short [24]byte
	n, long := 0, false
	for i := 0; i < len(word); {
		run := i + 1
		for run < len(word) && word[run] == word[i] {
			run++
		}
		keep := run - i
		if keep > 2 {
			keep, long = 1, true
		}
		if n+keep > len(short) {
			return 0
		}
		n += copy(short[n:], word[i:i+keep])
		i = run
	}
	if !long {
		return 0
	}
	return known.id(short[:n])
}

// tripled says whether a byte comes three times running.
func tripled(word []byte) bool {
	for i := 2; i < len(word); i++ {
		if word[i] == word[i-1] && word[i] == word[i-2] {
			return true
		}
	}
	return false
}

// parts lets the ending of an unknown word vote, and an article that an apostrophe
// ties to it.
func (v *votes) parts(word []byte) {
	if at := bytes.IndexByte(word, '\''); at > 0 && at < 6 {
		if e, ok := elided[string(word[:at])]; ok {
			v.add(e)
		}
		word = word[at+1:]
	}
	v.add(endings.says[endings.of(word)])
}

// letters counts a word's letters by script and lets the accented ones vote.
func (v *votes) letters(word []byte) {
	for i := 0; i < len(word); {
		c := word[i]
		if c < utf8.RuneSelf {
			if c >= 'a' {
				v.latin++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(word[i:])
		i += size
		s := scriptOf(r)
		if s == latinScript {
			v.latin++
			v.accented = true
			for _, e := range letterEvidence[r] {
				v.score[e.lang] += e.score
			}
			continue
		}
		v.foreign++
		v.scripts[s]++
		v.marks.see(r)
	}
}

// leads says whether language i has at least three times any other's votes.
func (v *votes) leads(i int) bool {
	for j := range latin {
		if j != i && v.score[j]*3 > v.score[i] {
			return false
		}
	}
	return true
}

// best returns the two languages other than English with the most votes.
func (v *votes) best() (first, second int) {
	first, second = 1, 2
	if v.score[second] > v.score[first] {
		first, second = second, first
	}
	for i := 3; i < len(latin); i++ {
		switch {
		case v.score[i] > v.score[first]:
			first, second = i, first
		case v.score[i] > v.score[second]:
			second = i
		}
	}
	return first, second
}

func byteBefore(text string, at int) byte {
	if at == 0 {
		return 0
	}
	return text[at-1]
}

// isLink tells what is no word of any language: the start of a link, a retweet.
func isLink(word []byte) bool {
	switch string(word) {
	case "http", "https", "www", "rt":
		return true
	}
	return false
}

// endOfRun is where the next white space or the text ends.
func endOfRun(text string, from int) int {
	if i := strings.IndexAny(text[from:], " \t\r\n"); i >= 0 {
		return from + i
	}
	return len(text)
}
