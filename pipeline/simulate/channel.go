package simulate

import (
	"math"

	"earshot/pipeline"
)

type channel int

const (
	survey channel = iota
	review
	social
	email
	chat
	phone
	sms
	inPerson
	chatbot
	selfService
	channelCount
)

// channelNames are the contract's values of source, without `other`.
var channelNames = [channelCount]string{"survey", "review", "social", "email", "chat", "phone", "sms", "in_person", "chatbot", "self_service"}

// channelWeights say where guests speak when they complain, have nothing much
// to say, or praise.
var channelWeights = [3][]float64{
	{27, 18, 14, 10, 9, 7, 5, 3, 4, 3},
	{32, 12, 12, 7, 10, 6, 6, 4, 7, 4},
	{37, 27, 16, 3, 3, 2, 4, 5, 1, 2},
}

var platforms = [channelCount][]string{
	survey:      {"receipt_survey", "email_survey", "table_tablet"},
	review:      {"google", "yelp", "tripadvisor", "trustpilot"},
	social:      {"x", "instagram", "facebook", "tiktok", "reddit"},
	email:       {"zendesk", "freshdesk"},
	chat:        {"intercom", "zendesk"},
	phone:       {"talkdesk", "twilio"},
	sms:         {"twilio"},
	inPerson:    {"comment_card", "manager_tablet"},
	chatbot:     {"website_bot", "whatsapp"},
	selfService: {"help_center", "app"},
}

var anonymousShare = [channelCount]float64{
	survey: .12, review: .1, social: .15, email: 0, chat: .04, phone: .05, sms: 0, inPerson: .5, chatbot: .3, selfService: .1,
}

// score turns the feeling into the stars and answers of the channel.
func (c *Chain) score(e *pipeline.Event, v *visit) {
	rng := c.rng
	felt := func(noise float64) float64 { return v.feeling + noise*rng.NormFloat64() }
	stars := func() float64 { return float64(onScale(3.15+2.2*felt(.2), 1, 5)) }
	switch v.channel {
	case survey:
		e.Survey = &pipeline.Survey{}
		switch v.platform {
		case "receipt_survey":
			e.Survey.CSAT, e.Survey.NPS = csat(felt(.18)), nps(felt(.2))
			e.Survey.Question = "How likely are you to recommend us to a friend?"
		case "email_survey":
			e.Survey.NPS, e.Survey.CES = nps(felt(.2)), ces(felt(.25))
			e.Survey.Question = "What is the main reason for your score?"
		default:
			e.Survey.CSAT = csat(felt(.2))
			e.Survey.Question = "How was everything today?"
		}
	case review:
		s := stars()
		e.Rating = &s
	case inPerson:
		if rng.Float64() < 0.6 {
			s := stars()
			e.Rating = &s
		}
	case chat, chatbot:
		if rng.Float64() < 0.35 {
			e.Survey = &pipeline.Survey{CSAT: csat(felt(.3))}
		}
	}
}

func csat(felt float64) *int { n := onScale(3.3+2*felt, 1, 5); return &n }
func nps(felt float64) *int  { n := onScale(6.9+4.6*felt, 0, 10); return &n }
func ces(felt float64) *int  { n := onScale(4.6+2.8*felt, 1, 7); return &n }

// onScale rounds x to a whole number within low..high.
func onScale(x float64, low, high int) int {
	return max(low, min(high, int(math.Round(x))))
}
