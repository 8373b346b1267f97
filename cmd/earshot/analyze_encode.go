package main

import (
	"math"
	"strconv"
	"unicode/utf8"

	"earshot/pipeline"
)

// The output of analyze is written here by hand: encoding/json took as long as the
// analysis. TestEncodedAsByEncodingJSON holds both to the same bytes.

// appendAnalysis appends the members of an Analysis and the closing brace.
func appendAnalysis(dst []byte, a *pipeline.Analysis) []byte {
	s := &a.Sentiment
	dst = appendText(append(dst, `"sentiment":{"label":`...), string(s.Label))
	dst = appendNumber(append(dst, `,"score":`...), s.Score)
	dst = appendNumber(append(dst, `,"confidence":`...), s.Confidence)
	dst = appendNumber(append(dst, `,"intensity":`...), s.Intensity)
	dst = strconv.AppendBool(append(dst, `,"mixed":`...), s.Mixed)
	dst = appendNumber(append(dst, `},"vader":{"compound":`...), a.Vader.Compound)
	dst = appendNumber(append(dst, `,"pos":`...), a.Vader.Pos)
	dst = appendNumber(append(dst, `,"neu":`...), a.Vader.Neu)
	dst = appendNumber(append(dst, `,"neg":`...), a.Vader.Neg)
	dst = appendText(append(dst, `},"language":`...), a.Language)
	dst = appendMentions(append(dst, `,"topics":`...), a.Topics)
	dst = appendTexts(append(dst, `,"contexts":`...), a.Contexts)
	dst = appendTexts(append(dst, `,"tags":`...), a.Tags)
	dst = appendTexts(append(dst, `,"intents":`...), a.Intents)
	dst = appendNumber(append(dst, `,"effort":`...), a.Effort)
	dst = appendText(append(dst, `,"model":`...), a.Model)
	if j := &a.Joint; *j != (pipeline.Joint{}) {
		dst = appendNumber(append(dst, `,"joint":{"score":`...), j.Score)
		dst = appendText(append(dst, `,"label":`...), string(j.Label))
		dst = append(strconv.AppendBool(append(dst, `,"contradiction":`...), j.Contradiction), '}')
	}
	if c := a.Conversation; c != nil {
		dst = strconv.AppendInt(append(dst, `,"conversation":{"turns":`...), int64(c.Turns), 10)
		dst = appendNumber(append(dst, `,"start":`...), c.Start)
		dst = appendNumber(append(dst, `,"end":`...), c.End)
		if c.Tipped != nil {
			dst = strconv.AppendInt(append(dst, `,"tipped_at":`...), int64(*c.Tipped), 10)
		}
		dst = append(dst, '}')
	}
	if a.Truncated {
		dst = append(dst, `,"truncated":true`...)
	}
	return append(dst, '}')
}

func appendMentions(dst []byte, list []pipeline.Mention) []byte {
	dst = append(dst, '[')
	for i := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		m := &list[i]
		dst = appendText(append(dst, `{"topic":`...), m.Topic)
		dst = appendText(append(dst, `,"sentiment":`...), string(m.Sentiment))
		dst = appendNumber(append(dst, `,"score":`...), m.Score)
		dst = strconv.AppendInt(append(dst, `,"start":`...), int64(m.Start), 10)
		dst = strconv.AppendInt(append(dst, `,"end":`...), int64(m.End), 10)
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

func appendAspects(dst []byte, list []pipeline.Aspect) []byte {
	dst = append(dst, '[')
	for i, a := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendText(append(dst, `{"topic":`...), a.Topic)
		dst = appendText(append(dst, `,"sentiment":`...), string(a.Sentiment))
		dst = append(appendNumber(append(dst, `,"score":`...), a.Score), '}')
	}
	return append(dst, ']')
}

func appendTexts(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendText(dst, s)
	}
	return append(dst, ']')
}

// appendText appends a string; most need no escaping.
func appendText(dst []byte, s string) []byte {
	for i := range len(s) {
		if jsonClass[s[i]] != 0 {
			return appendJSON(dst, s)
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}

// What a byte is inside a JSON string, if it is no ASCII that stands for itself.
const (
	ending    = 1 + iota // a quote, a backslash, what may not stand there
	multiByte            // part of a character beyond ASCII
)

var jsonClass = func() (class [256]uint8) {
	for c := range class {
		switch {
		case c < ' ' || c == '"' || c == '\\':
			class[c] = ending
		case c >= utf8.RuneSelf:
			class[c] = multiByte
		}
	}
	return class
}()

// appendNumber appends a finite number as ECMAScript writes it.
func appendNumber(dst []byte, x float64) []byte {
	if n := int64(math.Round(x * decimals)); n != 0 && -mostUnits < n && n < mostUnits && float64(n)/decimals == x {
		return appendUnits(dst, n)
	}
	if size := math.Abs(x); size != 0 && (size < 1e-6 || size >= 1e21) {
		return appendJSON(dst, x)
	}
	return strconv.AppendFloat(dst, x, 'f', -1, 64)
}

// Numbers with few decimals, such as VADER's, are written without a search for the
// shortest form: as no two decimals of 15 digits are the same float64, it is this one.
const (
	decimals  = 1e4
	mostUnits = 1e15
)

// appendUnits appends n/decimals.
func appendUnits(dst []byte, n int64) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = strconv.AppendInt(dst, n/decimals, 10)
	rest := n % decimals
	if rest == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := int64(decimals / 10); rest > 0; unit /= 10 {
		dst = append(dst, '0'+byte(rest/unit))
		rest %= unit
	}
	return dst
}
