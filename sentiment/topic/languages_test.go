package topic

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"earshot/sentiment"
)

const shopPack = `pack: shop
extends: retail
languages: [de, es-MX]
topics:
  product.fit:
    negative: [größe passt nicht, fällt *2 klein aus]
    match: [Die Größe passt leider überhaupt und ganz und gar nicht zu mir, die Größe passt nicht]
  delivery.time:
    negative: [lieferung * spät, zu spät]
    positive: [lieferung *3 schnell]
    match: [die Lieferung kam viel zu spät an]
`

func loadOwn(t *testing.T, name string, files map[string]string) *Tagger {
	t.Helper()
	own := fstest.MapFS{}
	for file, text := range files {
		own[file] = &fstest.MapFile{Data: []byte(text)}
	}
	tagger, err := Load(name, own)
	if err != nil {
		t.Fatal(err)
	}
	return tagger
}

func TestPacksReadTheirLanguages(t *testing.T) {
	shop := loadOwn(t, "shop", map[string]string{"shop.yaml": shopPack})
	retail, err := Load("retail", nil)
	if err != nil {
		t.Fatal(err)
	}
	german := loadOwn(t, "nur", map[string]string{"nur.yaml": "pack: nur\nlanguages: [de]\ntopics: {a: {negative: [zu spät, late]}}\n"})
	for _, c := range []struct {
		tagger *Tagger
		lang   string
		text   string
		want   []string // with their sentiment
	}{
		{shop, "de", "Die Lieferung kam zu spät und die Größe passt nicht.", []string{"delivery.time negative", "product.fit negative"}},
		{shop, "de", "Die Lieferung war nicht schnell.", []string{"delivery.time negative"}},
		{shop, "de", "Die Lieferung war sehr schnell!", []string{"delivery.time positive"}},
		{shop, "en", "the delivery was late", []string{"delivery.time negative"}},
		{shop, "fr", "la livraison, zu spät", nil},
		{retail, "de", "Die Größe passt nicht, zu spät", nil},
		{german, "de", "viel zu spät", []string{"a negative"}},
		{german, "en", "too late", nil},
	} {
		var d sentiment.Doc
		var s State
		d.Scan(c.text)
		lang, _ := sentiment.LanguageOf(c.lang)
		var got []string
		for _, m := range c.tagger.TagText(&s, &d, lang, Moment{}).Mentions {
			got = append(got, m.Topic+map[sentiment.Label]string{sentiment.Negative: " negative", sentiment.Positive: " positive"}[sentiment.LabelOf(m.Score)])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q: %q, want %q", c.lang, c.text, got, c.want)
		}
	}
	recorded, err := shop.Definition().YAML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := LoadRecorded(shop.Version(), recorded)
	if err != nil || !slices.Equal(again.pack.Languages, []string{"de", "en", "es"}) {
		t.Errorf("read again: %v %v", again, err)
	}
	changes := Diff(retail.Definition(), again.Definition())
	if !slices.ContainsFunc(changes, func(c Change) bool {
		return c.Part == "languages" && c.Before == "en" && c.After == "de, en, es"
	}) {
		t.Errorf("no change of languages: %v", changes)
	}
}

func TestLanguagesOfPacksAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		"pack: own\nlanguages: [german]\ntopics: {a: {phrases: [b]}}\n": "own.yaml:2: languages: \"german\" is no language",
		"pack: own\nlanguages: de\ntopics: {a: {phrases: [b]}}\n":       "own.yaml:2: expected a list, found \"de\"",
	} {
		_, err := Load("own", fstest.MapFS{"own.yaml": {Data: []byte(text)}})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	deaf := strings.Replace(shopPack, "languages: [de, es-MX]\n", "", 1)
	problems, err := Lint("shop", fstest.MapFS{"shop.yaml": {Data: []byte(deaf)}})
	if err != nil || !slices.ContainsFunc(problems, func(p Problem) bool { return strings.Contains(p.Text, "taken for the language de") }) {
		t.Errorf("%v %v", problems, err)
	}
	if problems, err = Lint("shop", fstest.MapFS{"shop.yaml": {Data: []byte(shopPack)}}); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}
