package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"earshot/pipeline"
)

// topicRows are labelled texts about drinks and staff, good and bad.
func topicRows() string {
	var b strings.Builder
	for _, drink := range []string{"coffee", "tea", "juice", "cocoa"} {
		for _, person := range []string{"waiter", "barista", "manager", "cashier"} {
			for _, mood := range [][2]string{{"great", "positive"}, {"awful", "negative"}} {
				fmt.Fprintf(&b, `{"text":"The %s was %s, says %s","topics":[{"topic":"drinks","sentiment":"%s"}]}`+"\n", drink, mood[0], person[:1], mood[1])
				fmt.Fprintf(&b, `{"text":"Our %s was %s, gave %s","topics":[{"topic":"staff","sentiment":"%s"}]}`+"\n", person, mood[0], drink[:1], mood[1])
			}
		}
	}
	b.WriteString(`{"text":"Great cocoa. Our manager was awful.","topics":[{"topic":"drinks","sentiment":"positive"},{"topic":"staff","sentiment":"negative"}]}` + "\n")
	b.WriteString(`{"text":"no topics here"}` + "\n")
	return b.String()
}

func TestTopicsTrain(t *testing.T) {
	dir := t.TempDir()
	data, out := filepath.Join(dir, "cafe.jsonl"), filepath.Join(dir, "cafe.topics")
	if err := os.WriteFile(data, []byte(topicRows()), 0o600); err != nil {
		t.Fatal(err)
	}
	code, said, stderr := call(t, "topics", "train", data, "--out", out, "--licence", "MIT")
	if code != 0 || !strings.Contains(said, "57 texts") || !strings.Contains(said, "sentiment of given topics (positive, negative)") ||
		!strings.Contains(stderr, "1 rows without topics left out") {
		t.Fatalf("train: exit %d\n%s%s", code, said, stderr)
	}
	code, said, stderr = call(t, "topics", "test", data, "--topics-model", out, "--format", "csv")
	if code != 0 || !strings.Contains(said, "micro,66,66,66,1.000") || !strings.Contains(stderr, "66 of 66 right") {
		t.Errorf("test: exit %d\n%s%s", code, said, stderr)
	}
	testTopicsModelInUse(t, out)
	for args, want := range map[string]struct {
		code int
		says string
	}{
		"topics train " + data:                                {2, "--out FILE is missing"},
		"topics train /no/such.jsonl --out " + out:            {2, "no such file"},
		"topics test --topics-model " + out:                   {2, "needs labelled files"},
		"topics test " + data + " --topics-model " + data:     {1, "make one with `earshot topics train`"},
		"explain hello --topics-model /no/such.topics":        {2, "no such file"},
		"analyze --topics-model " + data + " " + data:         {1, "not a topics model"},
		"explain --topics-model " + out + " my tea was awful": {0, "/drinks"},
	} {
		if code, said, stderr := call(t, strings.Fields(args)...); code != want.code || !strings.Contains(said+stderr, want.says) {
			t.Errorf("%s: exit %d, want %d, saying %q\n%s%s", args, code, want.code, want.says, said, stderr)
		}
	}
}

// testTopicsModelInUse asks for aspects: known ones are the model's to answer.
func testTopicsModelInUse(t *testing.T, path string) {
	in := filepath.Join(t.TempDir(), "in.jsonl")
	line := `{"text":"Great tea. Our barista was awful.","aspects":["staff","drinks","price"]}` + "\n" +
		`{"text":"😡 чай","aspects":["drinks"]}` + "\n"
	if err := os.WriteFile(in, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	code, said, stderr := call(t, "analyze", "--pack", "general", "--topics-model", path, in)
	if code != 0 {
		t.Fatalf("exit %d %s", code, stderr)
	}
	var got struct {
		Aspects []pipeline.Aspect
		Topics  []pipeline.Mention
		Model   string
	}
	first, second, _ := strings.Cut(said, "\n")
	if err := json.Unmarshal([]byte(first), &got); err != nil {
		t.Fatal(err)
	}
	if a := got.Aspects; len(a) != 3 || a[0].Sentiment != pipeline.Negative || a[1].Sentiment != pipeline.Positive || a[2].Topic != "price" {
		t.Errorf("aspects %+v", a)
	}
	found := map[string]pipeline.Label{}
	for _, m := range got.Topics {
		found[m.Topic] = m.Sentiment
	}
	if found["drinks"] != pipeline.Positive || found["staff"] != pipeline.Negative || !strings.Contains(got.Model, " topics@") {
		t.Errorf("topics %+v, model %s", got.Topics, got.Model)
	}
	if strings.Contains(second, `"topic":"drinks","sentiment":"positive"`) { // not of the text before
		t.Errorf("another language: %s", second)
	}
}
