package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// line is one physical line.
type line struct {
	number  int
	text    []byte // without \n or \r\n; nil if too long
	tooLong bool
}

// lines reads physical lines in bounded memory. Lines can be handed back.
type lines struct {
	r      *bufio.Reader
	number int
	back   []line // handed back, the next one last
}

func newLines(r *bufio.Reader) *lines { return &lines{r: r} }

// next returns the next line with a text of its own; io.EOF behind the last.
func (l *lines) next() (line, error) {
	if n := len(l.back); n > 0 {
		out := l.back[n-1]
		l.back = l.back[:n-1]
		return out, nil
	}
	var text []byte
	tooLong := false
	for {
		part, err := l.r.ReadSlice('\n')
		if !tooLong {
			text = append(text, part...)
			if len(text) > MaxRowBytes+2 { // 2: \r\n
				text, tooLong = nil, true
			}
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(text) == 0 && !tooLong:
			return line{}, io.EOF
		case err != nil && err != io.EOF:
			return line{}, err
		}
		l.number++
		return line{number: l.number, text: trimEnd(text), tooLong: tooLong}, nil
	}
}

// giveBack makes next return these lines again, in their order.
func (l *lines) giveBack(again []line) {
	for i := len(again) - 1; i >= 0; i-- {
		l.back = append(l.back, again[i])
	}
}

func trimEnd(text []byte) []byte {
	text = bytes.TrimSuffix(text, []byte("\n"))
	return bytes.TrimSuffix(text, []byte("\r"))
}
