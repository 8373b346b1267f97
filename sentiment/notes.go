package sentiment

// Who looks the words of texts up in a list of his own may leave a note with each of them.
// It stays with the word in the cache, so that the next text that has the word brings it
// along.

// noters is how many may leave notes with the words of one Doc.
const noters = 2

// Noter returns which of the notes of d's tokens are those of who; -1 if others have taken
// them all.
func (d *Doc) Noter(who any) int {
	for i := range d.noters {
		switch d.noters[i] {
		case who:
			return i
		case nil:
			d.noters[i] = who
			return i
		}
	}
	return -1
}

// Note is what a noter has left with the token's word; 0: nothing.
func (t *Token) Note(noter int) int32 { return t.notes[noter] }

// Note leaves a note with the word of token i. It must follow from Lower(i) alone.
func (d *Doc) Note(i, noter int, note int32) {
	t := &d.Tokens[i]
	t.notes[noter] = note
	if form, ok := d.formOf(t); ok {
		if c := &d.cache[form.place()]; c.form == form {
			c.notes[noter] = note
		}
	}
}
