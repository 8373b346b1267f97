package pipeline

import "encoding/json"

// AsyncAPI describes the Kafka topics of the contract as AsyncAPI 3.0.
// docs/schema/asyncapi.json is its copy.
func AsyncAPI() []byte {
	type object = map[string]any
	ref := func(to string) object { return object{"$ref": "#/" + to} }
	return indented(object{
		"asyncapi": "3.0.0",
		"info": object{
			"title":       "Earshot",
			"version":     "1.0.0",
			"description": "Customer feedback in at Kafka. Every message becomes an event, a duplicate or a dead letter.",
		},
		"defaultContentType": "application/json",
		"channels": object{
			"events": object{
				"address":     "feedback.events",
				"description": "Feedback of all channels. The key should be the event's id or the customer's, so that its order is kept.",
				"messages": object{
					"feedback":   ref("components/messages/feedback"),
					"cloudEvent": ref("components/messages/cloudEvent"),
				},
			},
			"deadLetters": object{
				"address":     "feedback.deadletters",
				"description": "Messages that break the contract, each with its original bytes and why.",
				"messages":    object{"deadLetter": ref("components/messages/deadLetter")},
			},
		},
		"operations": object{
			"receiveFeedback": object{"action": "receive", "channel": ref("channels/events"),
				"summary": "Earshot reads feedback."},
			"sendDeadLetter": object{"action": "send", "channel": ref("channels/deadLetters"),
				"summary": "Earshot passes on what it cannot read."},
		},
		"components": object{
			"messages": object{
				"feedback": object{
					"title":       "Feedback event",
					"contentType": "application/json",
					"description": "CloudEvents 1.0 in Kafka's binary mode are read too: id from ce_id, occurred_at from ce_time.",
					"payload":     ref("components/schemas/event"),
					"examples":    []object{{"name": "review", "payload": json.RawMessage(sampleEvent)}},
				},
				"cloudEvent": object{
					"title":       "Feedback in a structured CloudEvent",
					"contentType": "application/cloudevents+json",
					"payload":     ref("components/schemas/cloudEvent"),
				},
				"deadLetter": object{
					"title":       "Dead letter",
					"contentType": "application/octet-stream",
					"description": "Key, value and headers of the refused message, byte for byte, and headers on why and from where.",
					"headers":     deadLetterHeaders(),
				},
			},
			"schemas": object{"event": eventSchema(), "cloudEvent": cloudEventSchema()},
		},
	})
}

// deadLetterHeaders are those that sinks/deadletter adds.
func deadLetterHeaders() *schema {
	text := func(description string) *schema { return &schema{Type: "string", Description: description} }
	reason := text("Why, for machines.")
	for _, r := range Reasons {
		reason.Enum = append(reason.Enum, r)
	}
	return &schema{Type: "object", Properties: properties{
		{"earshot-reason", reason},
		{"earshot-detail", text("Why, for people: the field, what was expected and what was found.")},
		{"earshot-topic", text("Where it came from.")},
		{"earshot-partition", text("Its partition, in decimal.")},
		{"earshot-offset", text("Its offset, in decimal.")},
		{"earshot-truncated", text("true where the value was too long for this topic and is left out.")},
	}}
}

// sampleEvent is the example of the generated documents.
const sampleEvent = `{"id":"r-10234","source":"review","platform":"google","occurred_at":"2026-07-03T19:30:00+02:00",` +
	`"text":"Great pizza, but the service was painfully slow at lunch time.","rating":2,"location":"store-012"}`

func cloudEventSchema() *schema {
	data := eventSchema()
	data.Description = "The event; its occurred_at may be left to the envelope's time."
	data.Required = []string{"source"}
	return &schema{
		Type: "object", Required: []string{"specversion", "id", "source", "type", "data"},
		Properties: properties{
			{"specversion", &schema{Const: "1.0"}},
			{"id", &schema{Type: "string", MinLength: 1, MaxLength: MaxIDBytes, Description: "The event's id where data has none."}},
			{"source", &schema{Type: "string", Description: "Kept as the attribute ce_source; the channel is data.source."}},
			{"type", &schema{Type: "string", Description: "Kept as the attribute ce_type."}},
			{"time", &schema{Type: "string", Format: "date-time", Description: "The event's occurred_at where data has none."}},
			{"data", data},
		},
	}
}
