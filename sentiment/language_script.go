package sentiment

import (
	"unicode"

	"github.com/abadojack/whatlanggo"
)

// script is a writing system.
type script int

const (
	latinScript script = iota
	arabicScript
	cyrillicScript
	devanagariScript
	hanScript
	kanaScript
	otherScript // a letter of none of these
	firstSingle // from here on: scripts of one language, by singleScripts
	scripts     = int(firstSingle) + len(singleScripts)
)

// singleScripts are the scripts that one language has nearly for its own.
var singleScripts = [...]struct {
	from, to rune
	code     string
}{
	{0x0370, 0x03ff, "el"}, {0x1f00, 0x1fff, "el"}, {0x0530, 0x058f, "hy"}, {0x0590, 0x05ff, "he"}, {0x0980, 0x09ff, "bn"},
	{0x0a00, 0x0a7f, "pa"}, {0x0a80, 0x0aff, "gu"}, {0x0b80, 0x0bff, "ta"}, {0x0c00, 0x0c7f, "te"}, {0x0c80, 0x0cff, "kn"},
	{0x0d00, 0x0d7f, "ml"}, {0x0d80, 0x0dff, "si"}, {0x0e00, 0x0e7f, "th"}, {0x0e80, 0x0eff, "lo"}, {0x1000, 0x109f, "my"},
	{0x10a0, 0x10ff, "ka"}, {0x1100, 0x11ff, "ko"}, {0x1200, 0x137f, "am"}, {0x1780, 0x17ff, "km"}, {0xac00, 0xd7a3, "ko"},
}

// scriptOf is the script of a rune beyond ASCII.
func scriptOf(r rune) script {
	switch {
	case r < 0x0370 || 0x1e00 <= r && r < 0x1f00: // with the combining marks
		return latinScript
	case 0x0400 <= r && r < 0x0530:
		return cyrillicScript
	case 0x0600 <= r && r < 0x0780 || 0x08a0 <= r && r < 0x0900 || 0xfb50 <= r && r < 0xfe00 || 0xfe70 <= r && r < 0xff00:
		return arabicScript
	case 0x0900 <= r && r < 0x0980:
		return devanagariScript
	case 0x3040 <= r && r < 0x3100:
		return kanaScript
	case 0x3400 <= r && r < 0xa000 || 0x20000 <= r && r < 0x30000:
		return hanScript
	}
	for i, s := range singleScripts {
		if s.from <= r && r <= s.to {
			return firstSingle + script(i)
		}
	}
	if unicode.Is(unicode.Latin, r) {
		return latinScript
	}
	return otherScript
}

// scriptMarks counts the letters that part languages of one script.
type scriptMarks struct{ persian, urdu, ukrainian, serbian, russian, hardSign int }

func (m *scriptMarks) see(r rune) {
	switch r {
	case 'ک', 'ی', 'پ', 'چ', 'ژ', 'گ':
		m.persian++
	case 'ٹ', 'ڈ', 'ڑ', 'ں', 'ے', 'ہ', 'ھ':
		m.urdu++
	case 'і', 'ї', 'є', 'ґ':
		m.ukrainian++
	case 'ђ', 'ћ', 'џ', 'љ', 'њ', 'ј':
		m.serbian++
	case 'ы', 'э', 'ё':
		m.russian++
	case 'ъ':
		m.hardSign++
	}
}

// byScript judges a text most of whose letters are not Latin.
func (d *Doc) byScript(v *votes) Language {
	most := arabicScript
	for s := range v.scripts {
		if v.scripts[s] > v.scripts[most] {
			most = script(s)
		}
	}
	n, m := v.scripts[most], &v.marks
	code := Undetermined
	switch most {
	case arabicScript:
		switch {
		case m.urdu*15 >= n:
			code = "ur"
		case m.persian*12 >= n:
			code = "fa"
		default:
			code = "ar"
		}
	case cyrillicScript:
		code = cyrillic(m)
	case devanagariScript:
		code = d.devanagari(n)
	case kanaScript:
		code = "ja"
	case hanScript:
		code = "zh"
		if v.scripts[kanaScript]*10 >= n {
			code = "ja"
		}
	default:
		if most >= firstSingle {
			code = singleScripts[most-firstSingle].code
		}
	}
	return Language{Code: code}
}

func cyrillic(m *scriptMarks) string {
	switch {
	case m.ukrainian > 0 && m.russian == 0:
		return "uk"
	case m.serbian > 0 && m.russian == 0:
		return "sr"
	case m.hardSign > 1 && m.russian == 0:
		return "bg"
	}
	return "ru"
}

// devanagari parts Marathi from Hindi where the text has n >= minLetters.
func (d *Doc) devanagari(n int) string {
	if n < minLetters {
		return "hi"
	}
	info := whatlanggo.DetectWithOptions(d.letters(), whatlanggo.Options{Whitelist: devanagariCandidates})
	if info.Lang == whatlanggo.Mar && info.IsReliable() {
		return "mr"
	}
	return "hi"
}

var devanagariCandidates = candidates(whatlanggo.Hin, whatlanggo.Mar)
