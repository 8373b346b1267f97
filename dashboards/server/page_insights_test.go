package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// planted is what the test data hold, apart from the page's and the miner's own
// words: store-3 on Fridays between 18 and 21 o'clock.
const planted = `.insight[data-finding]`

// checkInsights looks at the card of the planted fact: its comments with the words
// marked, its SQL run in ClickHouse, and what would change it.
func checkInsights(t *testing.T, b *browser, s *store) {
	b.eventually("a card", `document.querySelector('`+planted+`')`)
	text := evaluate[string](b, `document.querySelector('`+planted+`').innerText`)
	for _, want := range []string{"Slow service", "store-3", "Fri", "the usual"} {
		if !strings.Contains(text, want) {
			t.Errorf("the card does not say %q: %s", want, text)
		}
	}
	part := func(name string) string { return fmt.Sprintf(`%s [data-part="%s"]`, planted, name) }

	b.click(part("comments"))
	b.eventually("comments", `document.querySelectorAll('`+planted+` .insight-comments .verbatim').length === 4`)
	marks := evaluate[[]string](b, `[...document.querySelectorAll('`+planted+` mark')].map(m => m.innerText)`)
	if len(marks) != 4 {
		t.Errorf("%d marks in four comments", len(marks))
	}
	for _, m := range marks {
		if m != "the service was painfully slow" {
			t.Errorf("marked %q", m)
		}
	}

	b.click(part("sql"))
	b.eventually("SQL", `document.querySelector('`+planted+` pre')?.innerText.includes('SELECT')`)
	query := evaluate[string](b, `document.querySelector('`+planted+` pre').innerText`)
	var complaints, comments uint64
	if err := s.query(query, &complaints, &comments); err != nil {
		t.Fatalf("%v:\n%s", err, query)
	}
	if want := fmt.Sprintf("(%d of %d comments", complaints, comments); !strings.Contains(text, want) {
		t.Errorf("the SQL gives %s, the card says %s", want, text)
	}
	b.click(planted + " .insight-sql .button")
	b.eventually("copied or marked", `document.querySelector('`+planted+` .insight-sql [role=status]').innerText.match(/^(Copied|Marked)/)`)

	b.click(part("change"))
	b.eventually("what would change it", `document.querySelector('`+planted+` .insight-change')?.innerText.includes('Without its worst day')`)
	b.click(part("change"))
	b.eventually("folded", `!document.querySelector('`+planted+`').dataset.open && document.querySelector('`+planted+` .insight-more').hidden`)
}

// checkTopicTree walks the tree by keyboard and filters the page with it.
func checkTopicTree(t *testing.T, b *browser, s *store) {
	if roles := evaluate[string](b, `(e => [e.getAttribute('role'), e.querySelector('tbody tr').getAttribute('aria-level'), e.querySelectorAll('tr[tabindex="0"]').length].join())(document.querySelector('.topics'))`); roles != "treegrid,1,1" {
		t.Errorf("the tree's roles: %s", roles)
	}
	b.do("focus the tree", chromedp.Focus(chromedp.CSS(`.topics tr[tabindex="0"]`)))
	first := evaluate[string](b, `document.activeElement.dataset.topic`)
	b.do("down", chromedp.KeyEvent(kb.ArrowDown))
	b.eventually("the next row", fmt.Sprintf(`document.activeElement.dataset.topic && document.activeElement.dataset.topic !== %q`, first))
	second := evaluate[string](b, `document.activeElement.dataset.topic`)
	b.do("filter", chromedp.KeyEvent(kb.Enter))
	b.eventually("the page is filtered", fmt.Sprintf(`document.querySelector('.chip')?.innerText.includes('Topic') && new URLSearchParams(location.search).get('topic') === %q`, second))
	want := s.number(fmt.Sprintf("SELECT count() FROM feedback WHERE has(topics, '%s') AND %s", second, month))
	b.eventually("the topic's figures", fmt.Sprintf(`document.querySelector('[data-kpi="volume"] .tile-value').dataset.value === '%v'`, want))
	b.click(fmt.Sprintf(`.topics tr[data-topic="%s"] .cell-link`, second))
	b.eventually("the filter is off", `!document.querySelector('.chip')`)
	b.eventually("both topics again", `document.querySelectorAll('.topics tr[data-topic]').length === 2 && !document.querySelector('main [aria-busy=true]')`)
}

// checkHotHours: the planted evening is marked by an outline and in words, and the
// legend explains it; the quiet hours of the other heatmap are not.
func checkHotHours(t *testing.T, b *browser, s *store) {
	b.open(s.page + "/?location=store-3&period=all")
	got := evaluate[string](b, `(e => e.classList.contains('is-hot') + ' ' + getComputedStyle(e).boxShadow + ' ' + e.title)(document.querySelector('.heat [data-hour="115"]'))`)
	if !strings.HasPrefix(got, "true") || !strings.Contains(got, "inset") || !strings.Contains(got, "more than traffic explains") {
		t.Errorf("Friday 19 h: %s", got)
	}
	if evaluate[bool](b, `document.querySelector('.heat [data-hour="10"]').classList.contains('is-hot')`) {
		t.Error("Monday 10 h is marked, nothing is planted there")
	}
	if legends := evaluate[[]string](b, `[...document.querySelectorAll('.heat-mark')].map(e => e.innerText)`); len(legends) != 2 || legends[0] != "more than traffic explains" {
		t.Errorf("legends: %q", legends)
	}
	b.click(`[data-spots="service.speed"] [data-spot$=".19"]`)
	expectDrill(t, b, s, "location = 'store-3' AND hour_of_week % 24 = 19 AND has(topic_sentiments, 'negative')")
	b.open(s.page)
}
