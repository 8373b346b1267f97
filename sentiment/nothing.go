package sentiment

import "sort"

// SaysNothing tells a text without anything to judge: empty, marks and digits alone,
// links alone, one word or letter over and over, or keys pressed at random. An emoji
// or emoticon that VADER rates says something.
func (d *Doc) SaysNothing() bool {
	if len(d.words) > 0 {
		return false
	}
	linkEnd, words := 0, 0
	for i, t := range d.Tokens {
		if i == maxJudgedTokens {
			break
		}
		word := d.Lower(i)
		switch {
		case t.Start < linkEnd:
		case isLink(word):
			linkEnd = endOfRun(d.Text, t.End)
		case byteBefore(d.Text, t.Start) == '@', !hasLetter(word), mashed(word):
		case words > 0 && string(word) == string(d.Lower(i-1)):
		default:
			words++
		}
	}
	return words == 0 || words == 1 && len(d.Tokens) >= repeated
}

// Wordless tells a stretch of text that holds no word, from byte start to end.
func (d *Doc) Wordless(start, end int) bool {
	first := sort.Search(len(d.Tokens), func(i int) bool { return d.Tokens[i].Start >= start })
	for i := first; i < len(d.Tokens) && d.Tokens[i].Start < end; i++ {
		if hasLetter(d.Lower(i)) {
			return false
		}
	}
	return true
}

// repeated is how often a text must say its one word to say nothing.
const repeated = 8

func hasLetter(word []byte) bool {
	for _, c := range word {
		if c < '0' || c > '9' && c != '.' && c != ',' {
			return true
		}
	}
	return false
}

// mashed tells "aaaaaaa", "sdfghjkl" and "asdfasdf" from words: one letter alone, a
// long run of ASCII consonants, a row of keys.
func mashed(word []byte) bool {
	if len(word) < 4 {
		return false
	}
	same, run, longest := true, 0, 0
	for i, c := range word {
		if c < 'a' || c > 'z' {
			return false
		}
		same = same && (i == 0 || c == word[i-1])
		if run++; isVowel(c) {
			run = 0
		}
		longest = max(longest, run)
	}
	return same || longest > 6 || keyRow(word)
}

func isVowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

func keyRow(word []byte) bool {
	switch string(word[:4]) {
	case "asdf", "qwer", "zxcv", "hjkl", "jkjk", "fdsa", "sdfg":
		return true
	}
	return false
}
