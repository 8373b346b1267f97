package simulate

import (
	"strconv"
	"time"

	"earshot/pipeline"
)

// talker writes one conversation, turn by turn.
type talker struct {
	writer
	channel channel
	turns   []pipeline.Turn
}

func (t *talker) add(role, text string) {
	t.turns = append(t.turns, pipeline.Turn{Role: role, Text: text})
}

func (t *talker) customer(rule int) {
	t.text = t.text[:0]
	t.sentence(rule)
	t.add("customer", t.finish(t.channel))
}

// staff type with care.
func (t *talker) staff(rule int) {
	role := "agent"
	if t.channel == chatbot {
		role = "bot"
	}
	t.text = t.text[:0]
	t.sentence(rule)
	t.add(role, sentenceCase(string(t.text)))
}

// talk turns the event's text into the conversation it began; done tells
// whether it ended well.
func (c *Chain) talk(m *message, done bool) {
	e, v := &m.event, &m.visit
	t := &talker{writer: writer{voice: c.voice, rng: c.rng, scene: c.sceneOf(e, v)}, channel: v.channel}
	if v.channel == chatbot {
		t.staff(c.voice.botHello)
	} else {
		t.staff(c.voice.agentHello)
	}
	t.add("customer", e.Text)
	c.answer(t, v, done)
	if done {
		t.customer(c.voice.customerDone)
	} else {
		t.customer(c.voice.customerUnmet)
	}
	at := *e.Contact.FirstResponseAt
	for i := range t.turns {
		when := at
		t.turns[i].At = &when
		at = at.Add(lognormal(c.rng, 25*time.Second, 0.6))
	}
	e.Text, e.Turns = "", t.turns
}

func (c *Chain) answer(t *talker, v *visit, done bool) {
	switch {
	case v.complaints() > 0:
		t.staff(c.voice.agentSorry)
		if c.rng.Float64() < 0.5 {
			t.add("customer", "order "+strconv.Itoa(10000+c.rng.IntN(90000)))
		}
		if done {
			t.staff(c.voice.agentFix)
		} else {
			t.staff(c.voice.agentNoFix)
		}
	case len(v.mentions) > 0:
		t.staff(c.voice.agentThanks)
	case done:
		t.staff(c.voice.agentAnswer)
	default:
		t.staff(c.voice.botStuck)
	}
}
