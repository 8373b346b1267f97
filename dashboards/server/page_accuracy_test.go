package server_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// checkAccuracy plants feedback whose ratings do not fit the scores: the panel counts
// it, by channel and language, and leads to the texts.
func checkAccuracy(t *testing.T, b *browser, s *store) {
	if err := s.exec(`INSERT INTO records (outcome, event_id, occurred_at, ingested_at, source, language, text, rating, sentiment, score, confidence,
			joint_sentiment, joint_score, contradiction, kafka_topic, kafka_offset)
		SELECT 'event', concat('odd-', toString(number)), now64(3) - toIntervalHour(2), now64(3), 'chat', 'de', 'Nie wieder!', 5,
			if(number < 30, 'negative', 'positive'), if(number < 30, -0.9, 0.9), 0.95, 'negative', -0.7, number < 30, 'feedback.events', 200000 + number
		FROM numbers(40)`); err != nil {
		t.Fatal(err)
	}
	b.do("desktop", chromedp.EmulateViewport(1440, 1000))
	b.open(s.page)
	const right = `SELECT avg(if(coalesce(rating, csat) >= 4, 'positive', if(coalesce(rating, csat) <= 2, 'negative', 'neutral')) = sentiment)
		FROM feedback WHERE rating IS NOT NULL AND sentiment IN ('positive', 'neutral', 'negative') AND ` + month
	b.eventually("rows of accuracy", `document.querySelectorAll('[data-accuracy]').length >= 5`)
	for key, where := range map[string]string{"all": "", "channel:chat": " AND source = 'chat'", "channel:review": " AND source = 'review'", "language:de": " AND language = 'de'"} {
		want := s.number(right + where)
		if got := evaluate[float64](b, fmt.Sprintf(`Number(document.querySelector('[data-accuracy="%s"]').dataset.value)`, key)); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: the page shows %v, stored is %v", key, got, want)
		}
	}
	b.click(`[data-accuracy="channel:chat"] button`)
	b.eventually("the confusion of the chats", `[...document.querySelectorAll('.confusion td.is-right, .confusion td.is-wrong')].map(c => c.innerText).join() === '0,0,0,0,0,0,30,0,10'`)
	if points := evaluate[int](b, `document.querySelectorAll('.calibration-point').length`); points != 1 {
		t.Errorf("%d points of calibration, want the one bin that is used", points)
	}
	b.click(`.panel-accuracy .panel-head .link`)
	expectDrill(t, b, s, "contradiction AND "+month)
	if odd := evaluate[int](b, `document.querySelectorAll('.verbatim .is-odd').length`); odd != 25 {
		t.Errorf("%d of 25 are marked", odd)
	}
	b.do("escape", chromedp.KeyEvent(kb.Escape))
	b.eventually("closed by Escape", `!document.querySelector('dialog[open]')`)
	b.do("phone", chromedp.EmulateViewport(375, 812))
	b.open(s.page)
	if width := evaluate[int](b, "document.documentElement.scrollWidth"); width > 375 {
		t.Errorf("the page is %d px wide on a phone of 375", width)
	}
}
