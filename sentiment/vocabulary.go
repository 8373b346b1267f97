package sentiment

import (
	"strings"
	"sync"

	"earshot/sentiment/dictionary"
	"earshot/sentiment/vader"
)

// vocabulary is all that the scanner knows of words, by their number. Number 0, for
// a word that it does not know, has nothing.
type vocabulary struct {
	numbers *dictionary.Table
	words   []wordInfo
	entries []vader.Entry  // what words do in VADER's rules
	says    []wordEvidence // of a language
	rows    []lanes        // the same and what their letters say, by wordInfo.row
	endings []uint16       // the rows of words of ASCII that are not here, by their ending's number
}

type wordInfo struct {
	row     uint16 // of votes; or noRow
	letters uint8
	uses    uses
}

// uses are what a word is good for, as bits.
type uses uint8

const (
	readable uses = 1 << iota // may be read into a text that does not hold it in so many letters
	contrast                  // opens a new clause
	subject                   // a new statement starts with it, after "and" or a comma
	isAnd
	isBut
	isAccented // holds a letter beyond ASCII
)

const (
	contrastWords = "but however although though whereas except while"
	subjectWords  = "the it they we i he she you our my his her their this that there when because so"
)

// vocabularyOf builds the one vocabulary: the language lists, those of English first,
// and the words of VADER.
var vocabularyOf = sync.OnceValue(func() *vocabulary {
	list, languages := evidence()
	list = append(list, strings.Fields(contrastWords+" "+subjectWords+" and but")...)
	v := &vocabulary{numbers: dictionary.Of(append(list, vader.Words()...))}
	v.words, v.says, v.entries = make([]wordInfo, v.numbers.Len()), make([]wordEvidence, v.numbers.Len()), vader.EntriesOf(v.numbers)
	for id := 1; id < v.numbers.Len(); id++ {
		word := v.numbers.Word(id)
		v.says[id] = languages[word]
		if languages[word].langs&(1<<english) != 0 || v.entries[id].Role().Listed {
			v.words[id].uses = readable
		}
	}
	v.mark(contrastWords, contrast)
	v.mark(subjectWords, subject)
	v.mark("and", isAnd)
	v.mark("but", isBut)
	v.remember()
	return v
})

// mark gives words of the vocabulary one more use.
func (v *vocabulary) mark(words string, use uses) {
	for w := range strings.FieldsSeq(words) {
		v.words[v.id([]byte(w))].uses |= use
	}
}

func (v *vocabulary) id(word []byte) int { return v.numbers.ID(dictionary.Hash(word), word) }

// facts are those of the word of a number, without its hash.
func (v *vocabulary) facts(id int) wordFacts {
	return wordFacts{word: uint16(id), info: v.words[id], entry: v.entries[id]}
}

// Vocabulary is the words that Doc.Word numbers.
func Vocabulary() *dictionary.Table { return vocabularyOf().numbers }
