package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"earshot/sinks/clickhouse"
)

// ask shows the texts one at a time and stores each answer at once.
func (p *program) ask(ctx context.Context, log *clickhouse.ReviewLog, f *reviewFlags, texts []clickhouse.ReviewText, before int) error {
	keys, restore, err := p.answerKeys()
	if err != nil {
		return err
	}
	defer restore()
	out := painter(p.stdout)
	p.sayf("Does the text speak of %s?  y(es) n(o) s(kip) b(ack) q(uit)\n", out.bold(printable(f.topic)))
	stored := map[string]bool{}
	var last time.Time
	for i := 0; i < len(texts); {
		p.sayf("\n%s\n%s  ", reviewScreen(out, f, &texts[i], i, len(texts)), out.faint("y/n/s/b/q"))
		key, err := keys(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		answer := map[string]string{"y": clickhouse.AnswerYes, "n": clickhouse.AnswerNo, "s": clickhouse.AnswerSkip}[key]
		p.sayf("%s\n", answer)
		switch {
		case answer != "":
			review := f.answerTo(&texts[i], answer)
			review.At = after(last, p.clock())
			last = review.At
			if err := log.Add(ctx, review); err != nil {
				return readError(err)
			}
			stored[texts[i].EventID] = answer != clickhouse.AnswerSkip
			i++
		case key == "b":
			i = max(i-1, 0)
		case key == "q":
			i = len(texts)
		default:
			p.sayf("%s\n", "y the text speaks of it, n it does not, s you cannot tell, b one back, q enough for now")
		}
	}
	return p.sayAnswered(f, stored, before)
}

// after is now, or the moment after last that the store can tell from it: of two
// answers to a text the later counts.
func after(last, now time.Time) time.Time {
	if next := last.Add(time.Millisecond); now.Before(next) {
		return next
	}
	return now
}

func (p *program) sayAnswered(f *reviewFlags, stored map[string]bool, before int) error {
	judged := 0
	for _, yesOrNo := range stored {
		if yesOrNo {
			judged++
		}
	}
	p.sayf("%s stored, %d of %d judged for %s; `earshot topics review --report` shows what they say\n",
		count(len(stored), "answer"), before+judged, f.sample, f.topic)
	return nil
}

// sayf prints for the person who answers. A terminal in raw mode needs a carriage
// return at each line's end.
func (p *program) sayf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if _, tty := terminal(p.stdout); tty {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	fmt.Fprint(p.stdout, text)
}

// reviewScreen is one text with where it comes from.
func reviewScreen(p paint, f *reviewFlags, t *clickhouse.ReviewText, i, of int) string {
	where := []string{fmt.Sprintf("%d/%d", i+1, of), t.OccurredAt.UTC().Format("2006-01-02 15:04"), t.Source, t.Location}
	var b strings.Builder
	b.WriteString(p.faint(printable(strings.Join(where, "  "))))
	start, end, found := t.Mention(f.topic)
	if !found || f.blind {
		start, end = 0, 0
	}
	b.WriteString("\n" + highlight(p, t.Text, start, end))
	return b.String()
}

// answerKeys returns what reads the next answer: a single key on a terminal, else
// the first letter of a line. restore gives the terminal back.
func (p *program) answerKeys() (next func(context.Context) (string, error), restore func(), err error) {
	if f, ok := p.stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		state, err := term.MakeRaw(int(f.Fd()))
		if err != nil {
			return nil, nil, fmt.Errorf("terminal: %w", err)
		}
		restore = func() { _ = term.Restore(int(f.Fd()), state) } // nothing is left to do about it
		return keyReader(f), restore, nil
	}
	lines := bufio.NewScanner(p.stdin)
	return func(ctx context.Context) (string, error) {
		if err := ctx.Err(); err != nil {
			return "", interrupted(ctx)
		}
		if !lines.Scan() {
			if err := lines.Err(); err != nil {
				return "", fmt.Errorf("read answers: %w", err)
			}
			return "", io.EOF
		}
		return firstLetter(lines.Text()), nil
	}, func() {}, nil
}

func firstLetter(line string) string {
	for _, r := range strings.ToLower(strings.TrimSpace(line)) {
		return string(r)
	}
	return ""
}

// Keys that a terminal in raw mode sends for Ctrl-C and Ctrl-D.
const (
	ctrlC = 3
	ctrlD = 4
)

func keyReader(f *os.File) func(context.Context) (string, error) {
	in := bufio.NewReader(f)
	return func(context.Context) (string, error) {
		r, _, err := in.ReadRune()
		switch {
		case err != nil:
			return "", err
		case r == ctrlC || r == ctrlD:
			return "", io.EOF
		}
		return strings.ToLower(string(r)), nil
	}
}
