package pipeline

// timePattern narrows date-time to the RFC 3339 that Decode reads: capitals, no
// leap second.
const timePattern = `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`

// notBlank finds a character that is no white space as Unicode has it; the class
// is spelt out because \s differs between regular expression engines.
const notBlank = "[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"

// schemaRules says of each field what its Go type does not: meaning, limits and
// other forms. Every field of Event has a rule.
func schemaRules() map[string]func(*schema) {
	text := func(description string) func(*schema) {
		return func(s *schema) { s.Description = description }
	}
	between := func(low, high float64, description string) func(*schema) {
		return func(s *schema) { s.Minimum, s.Maximum, s.Description = &low, &high, description }
	}
	return map[string]func(*schema){
		"id": func(s *schema) {
			s.Description = "Idempotency key, at most 128 bytes. Missing: derived from the SHA-256 of the canonical payload."
			s.MinLength, s.MaxLength, s.Pattern = 1, MaxIDBytes, `^[^\x00-\x1f\x7f-\x9f]+$`
		},
		"source":      oneOfStrings(false, "The channel.", Channels...),
		"platform":    text("Where in the channel, such as google, trustpilot or zendesk."),
		"occurred_at": occurredAtRule,
		"title":       text("Headline of a review; no content by itself."),
		"text":        text("What was said. It is analysed on its first 32 KiB."),
		"language": func(s *schema) {
			s.Description = "BCP 47; detected where missing."
			s.MaxLength, s.Pattern = maxLanguageBytes, `^(|([A-Za-z]{2,3}|[xXiI])([-_][A-Za-z0-9]{1,8})*)$`
		},
		"rating":           ratingRule,
		"survey":           text("Answers of a survey; each is optional."),
		"survey.csat":      between(1, 5, "Customer satisfaction."),
		"survey.nps":       between(0, 10, "Likelihood to recommend."),
		"survey.ces":       between(1, 7, "Customer effort score."),
		"survey.question":  text("The question as it was asked."),
		"customer":         customerRule,
		"customer.id":      text("The customer's id in your systems."),
		"customer.name":    text("Name to address."),
		"customer.email":   text("E-mail address."),
		"customer.phone":   text("Telephone number."),
		"customer.segment": text("Such as gold, family or b2b."),
		"customer.value":   text("What the customer is worth, in your currency."),
		"location":         text("Branch, store or place."),
		"product":          text("Product or service."),
		"team":             text("Team that served."),
		"agent":            text("Person that served."),

		"contact":                   text("The service thread that this belongs to: response time, resolution, first-contact resolution."),
		"contact.thread_id":         text("The same for all events of one thread."),
		"contact.direction":         oneOfStrings(true, "Who wrote: the customer (inbound) or you (outbound).", "inbound", "outbound"),
		"contact.opened_at":         text("When the customer first wrote."),
		"contact.first_response_at": text("When you first answered."),
		"contact.resolved_at":       text("When it was resolved."),
		"contact.resolved":          text("Whether it is resolved."),

		"turns":      turnsRule,
		"turns.role": oneOfStrings(false, "Who spoke.", "customer", "agent", "bot"),
		"turns.text": text("What was said."),
		"turns.at":   text("When."),
		"attributes": func(s *schema) {
			s.Description = "Anything else, kept as text and queryable. Objects and arrays are kept as their JSON."
		},
	}
}

func oneOfStrings(optional bool, description string, values ...string) func(*schema) {
	return func(s *schema) {
		s.Type, s.Description = "string", description
		for _, v := range values {
			s.Enum = append(s.Enum, v)
		}
		if optional {
			s.Type, s.Enum = []string{"string", "null"}, append(s.Enum, "", nil)
		}
	}
}

func occurredAtRule(s *schema) {
	s.Type = "string"
	s.Description = "When it happened: RFC 3339 with an offset, at most 24 hours ahead and 20 years back. " +
		"An offset other than UTC gives the local hour."
	s.Examples = []any{"2026-07-03T19:30:00+02:00"}
}

// ratingRule: a number, or a value on a scale of its own.
func ratingRule(s *schema) {
	low, high := 1.0, 5.0
	number := func() *schema { return &schema{Type: "number"} }
	*s = schema{
		Description: "A number on 1..5, or a value on another scale, which is brought to 1..5.",
		OneOf: []*schema{
			{Type: "null"},
			{Type: "number", Minimum: &low, Maximum: &high},
			{Type: "object", Required: []string{"value", "min", "max"},
				Properties: properties{{"value", number()}, {"min", number()}, {"max", number()}}},
		},
		Examples: []any{4, map[string]any{"value": 7, "min": 0, "max": 10}},
	}
}

// customerRule: an id, or an object.
func customerRule(s *schema) {
	*s = schema{
		Description: "Who spoke: an id, or what is known of them.",
		OneOf:       []*schema{{Type: "string"}, {Type: s.Type, Properties: s.Properties}},
	}
}

func turnsRule(s *schema) {
	s.Description = "The utterances of a chat, call or e-mail thread; only the customer's count for sentiment."
	s.Items.Required = []string{"role"}
}

// contentSchemas: at least one of text, rating, survey answer or customer's turn.
func contentSchemas() []*schema {
	has := func(name string, s *schema) *schema {
		return &schema{Required: []string{name}, Properties: properties{{name, s}}}
	}
	words := func() *schema { return &schema{Type: "string", Pattern: notBlank} }
	var answers []*schema
	for _, name := range []string{"csat", "nps", "ces"} {
		answers = append(answers, has(name, &schema{Type: "number"}))
	}
	turn := has("text", words())
	turn.Type, turn.Required = "object", []string{"role", "text"}
	turn.Properties = append(turn.Properties, property{"role", &schema{Const: "customer"}})
	return []*schema{
		has("text", words()),
		has("rating", &schema{Type: []string{"number", "object"}}),
		has("survey", &schema{Type: "object", AnyOf: answers}),
		has("turns", &schema{Type: "array", Contains: turn}),
	}
}
