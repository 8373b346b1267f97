package server_test

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"earshot/dashboards/server"
	"earshot/dashboards/web"
	"earshot/pipeline/followup"
	"earshot/sinks/clickhouse"
)

//go:embed testdata/feedback.sql
var feedbackSQL string

// store is a database of its own on the test engine.
type store struct {
	t     *testing.T
	url   string
	page  string // address of the page on it, once served
	exec  func(query string) error
	query func(query string, into ...any) error
}

func newStore(t *testing.T) *store {
	t.Helper()
	const variable = "EARSHOT_TEST_CLICKHOUSE"
	addr := os.Getenv(variable)
	if addr == "" {
		t.Skipf("%s is not set: no ClickHouse to test against", variable)
	}
	ctx := context.Background()
	database := fmt.Sprintf("earshot_test_page_%d", time.Now().UnixNano())
	s := &store{t: t, url: "clickhouse://default@" + addr + "/" + database}
	if err := clickhouse.Migrate(ctx, clickhouse.At(s.url), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(clickhouse.At(s.url))
	if err != nil {
		t.Fatal(err)
	}
	s.exec = func(query string) error { return conn.Exec(ctx, query) }
	s.query = func(query string, into ...any) error { return conn.QueryRow(ctx, query).Scan(into...) }
	t.Cleanup(func() {
		if err := s.exec("DROP DATABASE " + database); err != nil {
			t.Error(err)
		}
		_ = conn.Close()
	})
	return s
}

// number runs a query that yields one number.
func (s *store) number(query string) float64 {
	s.t.Helper()
	var n float64
	if err := s.query("SELECT toFloat64(("+query+"))", &n); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// serve starts the server with the page as built.
func (s *store) serve() *httptest.Server {
	s.t.Helper()
	if _, err := fs.Stat(web.Files(), "index.html"); err != nil {
		if os.Getenv(browserVar) == "1" {
			s.t.Fatal("the page is not built: run `make web`")
		}
		s.t.Skip("the page is not built: run `make web`")
	}
	reader, err := clickhouse.OpenReader(clickhouse.At(s.url), 10*time.Second)
	if err != nil {
		s.t.Fatal(err)
	}
	log, err := clickhouse.OpenReviewLog(clickhouse.At(s.url), 10*time.Second)
	if err != nil {
		s.t.Fatal(err)
	}
	insights := server.NewInsights(reader, server.InsightOptions{Names: map[string]string{"service.speed": "slow service"}, Log: slog.New(slog.DiscardHandler)})
	srv := httptest.NewServer(server.New(server.Options{
		Reader:    reader,
		Reviews:   server.ReviewsLocal,
		ReviewLog: log,
		Insights:  insights,
		CasesCSV:  func(io.Writer, []followup.Case) error { return nil },
		FollowUp:  followup.Policy{SLA: 24 * time.Hour, Window: 30 * 24 * time.Hour},
		Log:       slog.New(slog.DiscardHandler),
	}))
	s.t.Cleanup(func() {
		srv.Close()
		insights.Close()
		_ = log.Close()
		_ = reader.Close()
	})
	s.page = srv.URL
	return srv
}

// month is the default period, written apart from the page's own reckoning.
const month = "occurred_at >= toStartOfDay(now('UTC')) - INTERVAL 29 DAY"

func TestPageShowsWhatIsStored(t *testing.T) {
	b, s := newBrowser(t), newStore(t)
	srv := s.serve()
	if err := s.exec(feedbackSQL); err != nil {
		t.Fatal(err)
	}
	b.do("desktop", chromedp.EmulateViewport(1440, 1000))
	b.open(s.page)

	for _, check := range []struct {
		name string
		run  func(t *testing.T, b *browser, s *store)
	}{
		{"tiles", checkTiles},
		{"charts", checkCharts},
		{"cards of what stands out", checkInsights},
		{"topic tree", checkTopicTree},
		{"marked hours", checkHotHours},
		{"drill from the heatmap", checkHeatDrill},
		{"drill from everywhere", checkDrills},
		{"search and share", checkSearch},
		{"filters", checkFilters},
		{"dark", checkDark},
		{"phone", checkPhone},
		{"news", checkNews},
		{"review", checkReview},
		{"accuracy", checkAccuracy},
	} {
		t.Run(check.name, func(t *testing.T) {
			b.t, s.t = t, t
			check.run(t, b, s)
		})
	}
	b.t, s.t = t, t
	b.expectClean(srv)
}

// An empty store is an invitation, not a page of zeros.
func TestPageWithoutFeedback(t *testing.T) {
	b, s := newBrowser(t), newStore(t)
	srv := s.serve()
	b.do("open", chromedp.Navigate(srv.URL))
	b.eventually("invitation", `document.querySelector('.welcome')?.innerText.includes('earshot feed')`)
	b.expectClean(srv)
}

func checkTiles(t *testing.T, b *browser, s *store) {
	for key, query := range map[string]string{
		"volume":                 "SELECT count() FROM feedback WHERE " + month,
		"net_sentiment":          "SELECT 100 * (countIf(sentiment = 'positive') - countIf(sentiment = 'negative')) / countIf(sentiment != 'unknown') FROM feedback WHERE " + month,
		"csat":                   "SELECT 100 * countIf(csat >= 4) / count(csat) FROM feedback WHERE " + month,
		"nps":                    "SELECT 100 * (countIf(nps >= 9) - countIf(nps <= 6)) / count(nps) FROM feedback WHERE " + month,
		"ces":                    "SELECT avg(ces) FROM feedback WHERE " + month,
		"first_response_seconds": "SELECT quantileExactInclusive(0.5)(dateDiff('second', opened_at, first_response_at)) FROM feedback WHERE opened_at IS NOT NULL AND " + month,
	} {
		want := s.number(query)
		got := evaluate[float64](b, `Number(document.querySelector('[data-kpi="`+key+`"] .tile-value').dataset.value)`)
		if math.Abs(got-want) > 1e-6 {
			t.Errorf("tile %s shows %v, stored is %v", key, got, want)
		}
	}
	text := evaluate[string](b, `document.querySelector('[data-kpi="volume"] .tile-value').innerText`)
	if want := s.number("SELECT count() FROM feedback WHERE " + month); strings.ReplaceAll(text, ",", "") != fmt.Sprint(want) {
		t.Errorf("the volume reads %q, stored is %v", text, want)
	}
}

func checkCharts(t *testing.T, b *browser, _ *store) {
	// A canvas counts as drawn when it has coloured pixels.
	const drawn = `(name => { const c = document.querySelector('[data-chart="' + name + '"] canvas');
		return !!c && c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) => i %% 4 === 3 && v > 0) })(%q)`
	for _, name := range []string{"trend", "week"} {
		if !evaluate[bool](b, fmt.Sprintf(drawn, name)) {
			t.Errorf("chart %s is empty", name)
		}
	}
	for selector, want := range map[string]int{".heat [data-hour]": 168, "[data-topic]": 2, "[data-location]": 6} {
		if got := evaluate[int](b, fmt.Sprintf("document.querySelectorAll(%q).length", selector)); got != want {
			t.Errorf("%d of %s, want %d", got, selector, want)
		}
	}
	if got := evaluate[string](b, `document.querySelector('[data-location]').dataset.location`); got != "store-3" {
		t.Errorf("the worst location shown is %s, planted is store-3", got)
	}
}

func checkHeatDrill(t *testing.T, b *browser, s *store) {
	const hour = 115 // Friday 19:00
	b.click(fmt.Sprintf(`.heat [data-hour="%d"]`, hour))
	where := fmt.Sprintf("hour_of_week = %d AND has(topics, 'service.speed') AND has(topic_sentiments, 'negative') AND %s", hour, month)
	expectDrill(t, b, s, where)
	marks := evaluate[[]string](b, `[...document.querySelectorAll('.verbatim mark')].map(m => m.innerText)`)
	if len(marks) == 0 {
		t.Error("no topic is marked")
	}
	for _, m := range marks {
		if m != "the service was painfully slow" {
			t.Errorf("marked %q", m)
		}
	}
	b.do("back", chromedp.NavigateBack())
	b.eventually("closed by the back button", `!document.querySelector('dialog[open]')`)
}

// expectDrill waits for the verbatims and compares their number with the store's.
func expectDrill(t *testing.T, b *browser, s *store, where string) {
	t.Helper()
	want := s.number("SELECT count() FROM feedback WHERE " + where)
	if want == 0 {
		t.Fatalf("nothing stored where %s: the test data do not fit", where)
	}
	b.eventually(fmt.Sprintf("%v verbatims where %s", want, where),
		fmt.Sprintf(`document.querySelector('dialog[open] .hint')?.innerText.replaceAll(',', '').startsWith('%v piece')`, want))
	b.eventually("verbatims", fmt.Sprintf(`document.querySelectorAll('dialog[open] .verbatim').length === %v`, min(want, 25)))
}

func checkDrills(t *testing.T, b *browser, s *store) {
	closeDrill := func() {
		b.do("escape", chromedp.KeyEvent(kb.Escape))
		b.eventually("closed by Escape", `!document.querySelector('dialog[open]')`)
	}
	for selector, where := range map[string]string{
		`[data-topic="food.quality"] .is-positive button`: "has(topics, 'food.quality')",
		`[data-location="store-3"] .cell-link`:            "location = 'store-3'",
		`[data-location="store-3"] .meter`:                "location = 'store-3' AND sentiment = 'negative'",
		`[data-kpi="volume"]`:                             "true",
	} {
		b.click(selector)
		expectDrill(t, b, s, where+" AND "+month)
		closeDrill()
	}
	// The charts by keyboard: yesterday, and Monday at midnight.
	for name, test := range map[string]struct {
		keys  []string
		where string
	}{
		"trend": {[]string{kb.End, kb.ArrowLeft, kb.Enter}, "toDate(occurred_at) = toDate(now('UTC')) - 1"},
		"week":  {[]string{kb.Home, kb.Enter}, "hour_of_week = 0 AND " + month},
	} {
		b.do("focus "+name, chromedp.Focus(chromedp.CSS(`[data-chart="`+name+`"]`)))
		for _, key := range test.keys {
			b.do("key", chromedp.KeyEvent(key))
		}
		expectDrill(t, b, s, test.where)
		closeDrill()
	}
}

func checkSearch(t *testing.T, b *browser, s *store) {
	evaluate[bool](b, `dispatchEvent(new KeyboardEvent('keydown', { key: '/' }))`)
	b.eventually("the search box by its key", `document.activeElement.name === 'q'`)
	b.do("search", chromedp.KeyEvent("DÉJÀ VU 😤"), chromedp.KeyEvent(kb.Enter))
	where := "positionCaseInsensitiveUTF8(text, 'déjà vu') > 0 AND " + month
	expectDrill(t, b, s, where)
	b.do("share", chromedp.Reload())
	expectDrill(t, b, s, where)
	first := evaluate[string](b, `document.querySelector('.verbatim').dataset.event`)
	b.click(".drawer-foot button:last-child")
	b.eventually("the next page", fmt.Sprintf(`document.querySelector('.verbatim') && document.querySelector('.verbatim').dataset.event !== %q && location.search.includes('see.offset=25')`, first))
	b.click(`.drawer [aria-label="Close"]`)
	b.eventually("closed", `!document.querySelector('dialog[open]') && !location.search.includes('see')`)
}

func checkFilters(t *testing.T, b *browser, s *store) {
	b.open(s.page + "/?period=7d&location=store-3")
	volume := func(want float64) string {
		return fmt.Sprintf(`document.querySelector('[data-kpi="volume"] .tile-value').dataset.value === '%v'`, want)
	}
	week := "occurred_at >= toStartOfDay(now('UTC')) - INTERVAL 6 DAY"
	b.eventually("a week of store-3", volume(s.number("SELECT count() FROM feedback WHERE location = 'store-3' AND "+week)))
	b.click(".chip")
	b.eventually("a week of all", volume(s.number("SELECT count() FROM feedback WHERE "+week)))
	b.do("back", chromedp.NavigateBack())
	b.eventually("the filter is back", `document.querySelector('.chip')?.innerText.includes('store-3')`)
}

func checkDark(t *testing.T, b *browser, s *store) {
	background := `getComputedStyle(document.body).backgroundColor`
	light := evaluate[string](b, background)
	b.prefer("dark")
	b.eventually("a dark page", fmt.Sprintf(`document.documentElement.dataset.theme === 'dark' && %s !== %q`, background, light))
	b.click(`[aria-label="Use the light theme"]`)
	b.eventually("a light page by choice", fmt.Sprintf(`%s === %q`, background, light))
	b.open(s.page)
	if got := evaluate[string](b, background); got != light {
		t.Errorf("the choice was forgotten: %s", got)
	}
}

func checkPhone(t *testing.T, b *browser, s *store) {
	b.do("phone", chromedp.EmulateViewport(375, 812))
	for _, search := range []string{"/", "/?location=store-3&topic=service.speed&sentiment=negative&period=90d", "/?see=1"} {
		b.open(s.page + search)
		if width := evaluate[int](b, "document.documentElement.scrollWidth"); width > 375 {
			t.Errorf("%s is %d px wide on a phone of 375", search, width)
		}
		if cut := evaluate[[]string](b, `[...document.querySelectorAll('.heat.is-topics th[scope=row] .cell-link')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)`); len(cut) > 0 {
			t.Errorf("%s: names of topics beside the hours are cut: %q", search, cut)
		}
		if cut := evaluate[[]string](b, `[...document.querySelectorAll('dialog[open] *')].filter(e => e.getBoundingClientRect().right > 376).map(e => e.className)`); len(cut) > 0 {
			t.Errorf("%s: beyond the screen's edge: %q", search, cut)
		}
	}
}

// checkNews sends one more piece of feedback: an open page shows it by itself.
func checkNews(t *testing.T, b *browser, s *store) {
	b.open(s.page)
	before := s.number("SELECT count() FROM feedback WHERE " + month)
	if err := s.exec("INSERT INTO records (outcome, event_id, occurred_at, ingested_at, kafka_topic, kafka_offset) VALUES ('event', 'news', now64(3), now64(3), 'feedback.events', 99999)"); err != nil {
		t.Fatal(err)
	}
	b.do("look again", chromedp.Evaluate[chromedp.Void](`document.dispatchEvent(new Event('visibilitychange'))`))
	b.eventually("one more", fmt.Sprintf(`document.querySelector('[data-kpi="volume"] .tile-value').dataset.value === '%v'`, before+1))
}
