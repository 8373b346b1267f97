package hostile

import (
	"encoding/base64"
	"strings"
	"time"
)

func (b builder) characters() []Message {
	raw := func(s string) string { return strings.Replace(b.with(""), "fine", s, 1) }
	return []Message{
		{Name: "NUL escaped", Value: raw(`a\u0000b`), Outcome: Event},
		{Name: "NUL", Value: raw("a\x00b"), Outcome: "bad_json"},
		{Name: "lone high surrogate", Value: raw(`half \ud83d of it`), Outcome: Event},
		{Name: "lone low surrogate", Value: raw(`\udc00`), Outcome: Event},
		{Name: "surrogates the wrong way round", Value: raw(`\udc00\ud800`), Outcome: Event},
		{Name: "surrogate in UTF-8", Value: raw("\xed\xa0\x80"), Outcome: "bad_encoding"},
		{Name: "Latin-1", Value: raw("caf\xe9"), Outcome: "bad_encoding"},
		{Name: "overlong slash", Value: raw("\xc0\xaf"), Outcome: "bad_encoding"},
		{Name: "overlong NUL", Value: raw("\xe0\x80\x80"), Outcome: "bad_encoding"},
		{Name: "beyond Unicode", Value: raw("\xf4\x90\x80\x80"), Outcome: "bad_encoding"},
		{Name: "cut in a character", Value: `{"text":"` + "\xf0\x9f\x98", Outcome: "bad_encoding"},
		{Name: "byte order mark", Value: "\xef\xbb\xbf" + b.with(`,"id":"bom"`), Outcome: Event},
		{Name: "two byte order marks", Value: "\xef\xbb\xbf\xef\xbb\xbf" + b.with(""), Outcome: "bad_json"},
		{Name: "byte order mark alone", Value: "\xef\xbb\xbf", Outcome: "bad_json"},
		{Name: "UTF-16", Value: "\xff\xfe{\x00}\x00", Outcome: "bad_encoding"},
		{Name: "direction overrides", Value: raw("\u202egnorw\u202c \u2066\u2069"), Outcome: Event},
		{Name: "terminal escapes", Value: raw(`\u001b[2J\u001b]0;owned\u0007`), Outcome: Event},
		{Name: "10,000 combining marks", Value: raw("z" + strings.Repeat("\u0301", 10_000)), Outcome: Event},
		{Name: "zero width", Value: raw("\u200b\u200d\ufeff bad"), Outcome: Event},
		{Name: "noncharacters", Value: raw("\uffff\ufdd0\U0010ffff"), Outcome: Event},
		{Name: "unknown escape", Value: raw(`\x41`), Outcome: "bad_json"},
		{Name: "short escape", Value: raw(`\u12`), Outcome: "bad_json"},
		{Name: "tab within a string", Value: raw("a\tb"), Outcome: "bad_json"},
	}
}

func (b builder) sizes() []Message {
	const limit = 1 << 20
	fill := func(unit string) string { // a text that makes the event as long as can be
		room := limit - len(b.with(`,"title":""`))
		return b.with(`,"title":"` + strings.Repeat(unit, room/len(unit)) + `"`)
	}
	turns := func(n int, turn string) string {
		return b.with(`,"turns":[` + strings.Repeat(turn+",", n-1) + turn + `]`)
	}
	return []Message{
		{Name: "one mebibyte", Value: fill("x"), Outcome: Event},
		{Name: "one byte more", Value: fill("x") + strings.Repeat(" ", 1), Outcome: "too_large"},
		{Name: "a mebibyte of faces", Value: fill("😀"), Outcome: Event},
		{Name: "a mebibyte of marks", Value: fill("!?"), Outcome: Event},
		{Name: "a mebibyte of escapes", Value: fill(`\u0000`), Outcome: Event},
		{Name: "a mebibyte of not", Value: fill("not "), Outcome: Event},
		{Name: "long text", Value: strings.Replace(b.with(""), "fine", strings.Repeat("never was good but ", 50_000), 1), Outcome: Event},
		{Name: "white space and nothing else", Value: strings.Repeat(" \n", 1000), Outcome: "bad_json"},
		{Name: "20,000 turns", Value: turns(20_000, `{"role":"customer","text":"bad"}`), Outcome: Event},
		{Name: "100,000 empty turns", Value: turns(100_000, `{}`), Outcome: "bad_turns"},
		{Name: "empty", Value: "", Outcome: "bad_json"},
	}
}

func (b builder) times() []Message {
	at := func(s string) string { return `{"source":"review","text":"fine","occurred_at":` + s + `}` }
	in := func(d time.Duration) string { return at(`"` + b.now.Add(d).UTC().Format(time.RFC3339) + `"`) }
	return []Message{
		{Name: "in 23 hours", Value: in(23 * time.Hour), Outcome: Event},
		{Name: "in 25 hours", Value: in(25 * time.Hour), Outcome: "bad_time"},
		{Name: "19 years ago", Value: at(`"` + b.now.AddDate(-19, 0, 0).UTC().Format(time.RFC3339) + `"`), Outcome: Event},
		{Name: "21 years ago", Value: at(`"` + b.now.AddDate(-21, 0, 0).UTC().Format(time.RFC3339) + `"`), Outcome: "bad_time"},
		{Name: "year nought", Value: at(`"0000-01-01T00:00:00Z"`), Outcome: "bad_time"},
		{Name: "year 9999", Value: at(`"9999-12-31T23:59:59Z"`), Outcome: "bad_time"},
		{Name: "year 10000", Value: at(`"10000-01-01T00:00:00Z"`), Outcome: "bad_time"},
		{Name: "Go's zero time", Value: at(`"0001-01-01T00:00:00Z"`), Outcome: "bad_time"},
		{Name: "leap second", Value: at(`"2016-12-31T23:59:60Z"`), Outcome: "bad_time"},
		{Name: "30 February", Value: at(`"2026-02-30T00:00:00Z"`), Outcome: "bad_time"},
		{Name: "hour 24", Value: at(`"2026-01-01T24:00:00Z"`), Outcome: "bad_time"},
		{Name: "offset of 99 hours", Value: at(`"2026-01-01T00:00:00+99:00"`), Outcome: "bad_time"},
		{Name: "epoch seconds", Value: at(`1767225600`), Outcome: "bad_type"},
		{Name: "a thousand digits of a second", Value: at(`"2026-01-01T00:00:00.` + strings.Repeat("1", 1000) + `Z"`), Outcome: "bad_time"},
		{Name: "null time", Value: at(`null`), Outcome: "bad_time"},
	}
}

func (b builder) grammar() []Message {
	return []Message{
		{Name: "trailing comma", Value: `{"source":"review",}`, Outcome: "bad_json"},
		{Name: "comment", Value: "/* hi */" + b.with(""), Outcome: "bad_json"},
		{Name: "single quotes", Value: `{'source':'review'}`, Outcome: "bad_json"},
		{Name: "two events", Value: b.with("") + "\n" + b.with(""), Outcome: "bad_json"},
		{Name: "NUL behind", Value: b.with("") + "\x00", Outcome: "bad_json"},
		{Name: "Python", Value: `{"source": u"review", "resolved": True}`, Outcome: "bad_json"},
		{Name: "Avro with a registry's prefix", Value: "\x00\x00\x00\x00\x07\x02\x08fine", Outcome: "bad_json"},
		{Name: "gzip", Value: "\x1f\x8b\x08\x00\x00\x00\x00\x00", Outcome: "bad_encoding"},
		{Name: "everything null", Value: `{"source":null,"occurred_at":null,"text":null,"turns":null,"attributes":null}`, Outcome: "bad_source"},
		{Name: "wrong types throughout", Value: `{"id":[],"source":{},"occurred_at":true,"text":1,"turns":{},"attributes":[]}`, Outcome: "bad_type"},
	}
}

func (b builder) envelopes() []Message {
	binary := func(more ...[2]string) [][2]string {
		return append([][2]string{{"ce_specversion", "1.0"}, {"ce_source", "/shop"}, {"ce_type", "feedback"}}, more...)
	}
	plain := b.with("")
	cloud := func(members string) string { return `{"specversion":"1.0","source":"/s","type":"t",` + members + `}` }
	return []Message{
		{Name: "binary envelope", Value: plain, Headers: binary([2]string{"ce_id", "binary-1"}), Outcome: Event},
		{Name: "envelope's id too long", Value: plain, Headers: binary([2]string{"ce_id", strings.Repeat("x", 129)}), Outcome: "bad_id"},
		{Name: "envelope's id not UTF-8", Value: plain, Headers: binary([2]string{"ce_id", "\xff"}), Outcome: Event},
		{Name: "envelope's time broken", Value: `{"source":"review","text":"fine"}`, Headers: binary([2]string{"ce_time", "yesterday"}), Outcome: "bad_time"},
		{Name: "envelope's name not UTF-8", Value: plain, Headers: binary([2]string{"ce_\xff", "x"}, [2]string{"ce_", "y"}), Outcome: Event},
		{Name: "structured envelope", Value: cloud(`"id":"structured-1","data":` + plain), Outcome: Event},
		{Name: "envelope in base64", Value: cloud(`"id":"base64-1","data_base64":"` + base64.StdEncoding.EncodeToString([]byte(plain)) + `"`), Outcome: Event},
		{Name: "broken base64", Value: cloud(`"id":"e","data_base64":"%%%"`), Outcome: "bad_encoding"},
		{Name: "base64 of no text", Value: cloud(`"id":"e","data_base64":"//79"`), Outcome: "bad_encoding"},
		{Name: "envelope in an envelope", Value: cloud(`"id":"e","data":` + cloud(`"id":"f","data":`+plain)), Outcome: "bad_source"},
		{Name: "envelope of nothing", Value: cloud(`"id":"e","data":null`), Outcome: "bad_json"},
		{Name: "envelope of text", Value: cloud(`"id":"e","data":"fine"`), Outcome: "bad_json"},
		{Name: "header without a name", Value: plain, Headers: [][2]string{{"", ""}, {"\x00\xff", "\xff\x00"}}, Outcome: Event},
		{Name: "1,000 headers of one name", Value: "no event", Headers: repeated(1000, "same", "x"), Outcome: "bad_json"},
		{Name: "long header", Value: "no event", Headers: [][2]string{{"long", strings.Repeat("h", 1<<16)}}, Outcome: "bad_json"},
		{Name: "replay of nothing", Value: plain, Headers: [][2]string{{"earshot-replay-of", "feedback.events/-1/x"}}, Outcome: Event},
		{Name: "feed's reason made up", Value: "no event", Headers: [][2]string{{"earshot-feed-reason", "owned: \x1b[2J"}}, Outcome: "bad_json"},
	}
}

// repeated repeats a header.
func repeated(n int, name, value string) [][2]string {
	out := make([][2]string, n)
	for i := range out {
		out[i] = [2]string{name, value}
	}
	return out
}
