package rated

import (
	"fmt"
	"testing"

	"earshot/sentiment/model"
)

func stars(x float64) Rating { return Rating{Stars: &x} }

// crowd are honest events of as many customers, over two channels.
func crowd(n int) (out []Event) {
	for i := range n {
		e := Event{Text: fmt.Sprintf("visit %d was lovely", i), Channel: []string{"review", "survey"}[i%2], Customer: fmt.Sprint("c", i), Rating: stars(5)}
		out = append(out, e)
	}
	return out
}

func count(examples []model.Example, class model.Class) (n int) {
	for _, e := range examples {
		if e.Class == class {
			n++
		}
	}
	return n
}

// TestAttacks sends 5,000 wrong ratings among 400 honest ones: by one customer, by
// nobody in particular, by invented customers with the same words.
func TestAttacks(t *testing.T) {
	for _, c := range []struct {
		name   string
		attack func(i int) Event
		most   int
	}{
		{"one customer", func(i int) Event {
			return Event{Text: fmt.Sprintf("visit %d was lovely, really", i), Channel: "review", Customer: "evil", Rating: stars(1)}
		}, MaxOfCustomer},
		{"one customer, all channels", func(i int) Event {
			return Event{Text: fmt.Sprintf("visit %d was lovely, really", i), Channel: fmt.Sprint("x", i%9), Customer: "evil", Rating: stars(1)}
		}, MaxOfCustomer},
		{"the same words", func(i int) Event {
			return Event{Text: "So  lovely", Channel: "review", Customer: fmt.Sprint("evil", i), Rating: stars(1)}
		}, MaxOfText},
		{"nobody", func(i int) Event {
			return Event{Text: fmt.Sprintf("visit %d was lovely, really", i), Channel: "review", Rating: stars(1)}
		}, 400},
		{"one channel", func(i int) Event {
			return Event{Text: fmt.Sprintf("visit %d was lovely, really", i), Channel: "social", Customer: fmt.Sprint("evil", i), Rating: stars(1)}
		}, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			events := crowd(400)
			for i := range 5000 {
				events = append(events, c.attack(i))
			}
			examples, dropped := Examples(events)
			if n := count(examples, model.Negative); n > c.most {
				t.Errorf("%d wrong ratings came through, at most %d may (%+v)", n, c.most, dropped)
			}
			if n := count(examples, model.Positive); n < 395 { // the largest channel gives way by what the attack added
				t.Errorf("%d of 400 honest ones are left", n)
			}
			if total := dropped.Unrated + dropped.Customer + dropped.Text + dropped.Channel + len(examples); total != len(events) {
				t.Errorf("%d events accounted for, of %d", total, len(events))
			}
		})
	}
}

func TestExamplesKeepOrder(t *testing.T) {
	events := append(crowd(6), Event{Text: "  ", Rating: stars(1)}, Event{Text: "no rating"})
	examples, dropped := Examples(events)
	if len(examples) != 6 || dropped.Unrated != 2 {
		t.Fatalf("%d examples, %+v", len(examples), dropped)
	}
	for i, e := range examples {
		if e.Text != events[i].Text {
			t.Errorf("place %d: %q", i, e.Text)
		}
	}
	if examples, _ := Examples(nil); len(examples) != 0 {
		t.Error("examples of nothing")
	}
}
