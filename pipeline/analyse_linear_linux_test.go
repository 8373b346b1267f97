//go:build linux

package pipeline

import (
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"earshot/sentiment"
)

// slowTexts are texts that are made to be slow, by the piece that they repeat.
var slowTexts = map[string]string{
	"apostrophes":     "a'",
	"brackets":        "((((<<<<[[[[",
	"broken encoding": "\xff\xc3(",
	"contrasts":       "good but bad, ",
	"emoji":           "😀",
	"emoji of two":    "😀👍🏽",
	"entities":        "&amp;&#39;",
	"handles":         "@a http://b ",
	"hashtags":        "#worstserviceever ",
	"marks":           "!?&#;'",
	"mixed scripts":   "slowмедленно遅い ",
	"negations":       "not never no ",
	"nested HTML":     "<div><b>&lt;&amp;",
	"one comma":       ",",
	"one word":        "a",
	"right to left":   "الخدمة سيئة ",
	"stretched":       "sooo",
	"topic phrases":   "waited 40 minutes for slow service ",
	"words":           "the service was not good but slow. ",
}

// TestAnalysisIsLinear: the time a byte takes hardly grows from 1 KB to the 32 KiB that
// are analysed at the most, neither of the scan nor of all. It is the time that this
// thread had a processor, the best of several, so a busy machine changes little. Square
// time would show as a factor of up to 32; seen are factors below 3.
func TestAnalysisIsLinear(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	a, m := withBase(t, "restaurant")
	var doc sentiment.Doc
	d := newDesk(m, nil)
	var out Answer
	for stage, read := range map[string]func(text string){
		"scan": func(text string) {
			doc.Scan(text)
			doc.Language()
		},
		"all": func(text string) {
			a.answer(d, &out, &Event{Text: text}, Question{Aspects: []string{"food"}, Sentences: true})
		},
	} {
		for name, piece := range slowTexts {
			short := perByte(t, read, strings.Repeat(piece, 1<<10/len(piece)), 32)
			if long := perByte(t, read, strings.Repeat(piece, 32<<10/len(piece)), 1); long > 8*short {
				t.Errorf("%s of %s: %.0f ns a byte in 1 KB, %.0f in 32 KB", stage, name, short, long)
			}
		}
	}
}

// perByte is the least of five times that read takes for a byte of the text, in
// nanoseconds of this thread, each the mean of some rounds.
func perByte(t *testing.T, read func(text string), text string, rounds int) float64 {
	t.Helper()
	best := math.Inf(1)
	for range 5 {
		began := threadTime(t)
		for range rounds {
			read(text)
		}
		best = min(best, float64(threadTime(t)-began)/float64(rounds*len(text)))
	}
	return best
}

// threadTime is how long this thread has had a processor.
func threadTime(t *testing.T) time.Duration {
	t.Helper()
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
		t.Fatal(err)
	}
	return time.Duration(now.Nano())
}
