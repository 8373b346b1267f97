package topic

import (
	"slices"
	"testing"
)

func TestComplaintNames(t *testing.T) {
	tagger, err := Load("restaurant", nil)
	if err != nil {
		t.Fatal(err)
	}
	names := tagger.ComplaintNames()
	if got := names["service.speed"]; got != "slow service" {
		t.Errorf("service.speed is called %q, want slow service: not the name of a tag with a context, nor of a positive one", got)
	}
	if _, ok := names[""]; ok {
		t.Error("a tag without a topic names one")
	}
}

func TestPraiseTags(t *testing.T) {
	tagger, err := Load("restaurant", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := tagger.PraiseTags(); !slices.Contains(got, "friendly staff") || slices.Contains(got, "rude staff") {
		t.Errorf("praise: %q", got)
	}
}
