package simulate

import (
	"strconv"

	"earshot/pipeline"
)

// languages by how often guests write in them, after English.
var languages = []string{"en", "es", "fr", "pt", "de", "it"}

// idPrefix makes an id tell its channel to a human reader.
var idPrefix = [channelCount]string{"srv", "rev", "soc", "eml", "cht", "cal", "sms", "inp", "bot", "slf"}

// event gives the visit its id, dimensions and scores; the words come after.
func (c *Chain) event(v *visit) pipeline.Event {
	e := pipeline.Event{
		ID:         c.id(v.channel),
		Source:     channelNames[v.channel],
		Platform:   v.platform,
		OccurredAt: v.at,
		Location:   c.places[v.place].id,
		Product:    v.product,
		Attributes: map[string]string{"order_type": orderNames[v.order], "city": cities[c.places[v.place].city].name},
	}
	if v.partner > 0 {
		e.Attributes["delivery_partner"] = partners[v.partner-1]
	}
	if v.agent > 0 {
		e.Agent, e.Team = agentID(v.place, v.agent-1), "floor"
	}
	if v.customer >= 0 {
		e.Customer = c.guests.customer(v.customer, v.at, v.channel)
	}
	if v.language > 0 && c.rng.Float64() < 0.5 {
		e.Language = languages[v.language]
	}
	c.score(&e, v)
	return e
}

// id is unique within a chain: mix is a bijection and named counts up.
func (c *Chain) id(ch channel) string {
	salt := mix(c.opts.Seed ^ mix(uint64(c.opts.Start.Unix())))
	c.named++
	return idPrefix[ch] + "-" + strconv.FormatUint(mix(salt+uint64(c.named)), 36)
}
