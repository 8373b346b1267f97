package sentiment

// SaysNothing tells a text without anything to judge: empty, marks and digits alone,
// links alone, one word or letter over and over, keys pressed at random, or that there
// is nothing to say. An emoji or emoticon that VADER rates says something.
func (d *Doc) SaysNothing() bool {
	if d.NoAnswer() {
		return true
	}
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
			if words++; words > 1 {
				return false
			}
		}
	}
	return words == 0 || words == 1 && len(d.Tokens) >= repeated
}

// longestNoAnswer is the length of the longest text that is no answer, in bytes.
const longestNoAnswer = 24

// NoAnswer tells a text that fills a field of a form without answering: "none",
// "N/A", "No comments." It is no judgement, though most of its words deny.
func (d *Doc) NoAnswer() bool {
	text := d.Text
	for len(text) > 0 && isFiller(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isFiller(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	if len(text) > longestNoAnswer {
		return false
	}
	var lower [longestNoAnswer]byte
	for i := range len(text) {
		lower[i] = text[i]
		if 'A' <= text[i] && text[i] <= 'Z' {
			lower[i] += 'a' - 'A'
		}
	}
	switch string(lower[:len(text)]) {
	case "none", "nil", "nothing", "n/a", "na", "n.a", "not applicable", "no answer", "no comment", "no comments", "no further comment",
		"no further comments", "no other comments", "no feedback", "no suggestion", "no suggestions", "nothing to add", "nothing more to add",
		"nothing else to add", "nothing to say", "nothing to report", "nothing else", "nothing more", "nothing really", "nothing in particular",
		"nothing comes to mind", "none at all", "none so far", "none at this time", "nothing at this time", "no thoughts", "no opinion":
		return true
	}
	return false
}

// isFiller tells what may stand around an answer.
func isFiller(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '.', ',', ';', ':', '!', '-', '_', '*', '\'', '"', '(', ')':
		return true
	}
	return false
}

// Wordless tells a text that holds no word.
func (d *Doc) Wordless() bool {
	for i := range d.Tokens {
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
