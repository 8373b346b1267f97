package server_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// checkReview answers a text with a key and takes the answer back: both are stored,
// and the text is asked again.
func checkReview(t *testing.T, b *browser, s *store) {
	b.do("desktop", chromedp.EmulateViewport(1440, 1000))
	b.open(s.page + "/?topic=service.speed")
	b.click(`[data-open="review"]`)
	const id = `document.querySelector('dialog[open] [data-review]')?.dataset.review`
	b.eventually("a text to answer", id)
	first := evaluate[string](b, id)
	b.do("yes", chromedp.KeyEvent("y"))
	b.eventually("the next text", id+` && `+id+` !== '`+first+`'`)
	b.eventually("progress", `document.querySelector('dialog[open] .review-progress').innerText.startsWith('1 of 50')`)
	given := "SELECT count() FROM reviewed_topics WHERE answer = 'yes' AND topic = 'service.speed' AND event_id = '" + first + "'"
	if n := s.number(given); n != 1 {
		t.Errorf("%v answers are stored, want the one given", n)
	}
	b.do("undo", chromedp.KeyEvent("u"))
	b.eventually("the text again", id+` === '`+first+`'`)
	b.eventually("progress back", `document.querySelector('dialog[open] .review-progress').innerText.startsWith('0 of 50')`)
	if n := s.number(given); n != 0 {
		t.Errorf("%v answers are still stored, want the one taken back", n)
	}
	b.do("phone", chromedp.EmulateViewport(390, 844))
	if over := evaluate[bool](b, `document.querySelector('dialog[open]').scrollWidth > 390 || [...document.querySelectorAll('.review-buttons button')].some(e => e.getBoundingClientRect().right > 390)`); over {
		t.Error("the review is wider than a phone")
	}
	b.do("escape", chromedp.KeyEvent(kb.Escape))
	b.eventually("closed by Escape", `!document.querySelector('dialog[open]') && !location.search.includes('review')`)
}
