package pipeline

import (
	"strconv"
	"strings"
)

// HeaderReplayOf names, in a message that sends a dead letter again, where that
// letter is: the Path of its Position. The sink stores it with the message's
// outcome, which marks the letter as replayed.
const HeaderReplayOf = "earshot-replay-of"

// maxTopicBytes is Kafka's own limit.
const maxTopicBytes = 249

// Path writes the position as TOPIC/PARTITION/OFFSET.
func (p Position) Path() string {
	return p.Topic + "/" + strconv.FormatInt(int64(p.Partition), 10) + "/" + strconv.FormatInt(p.Offset, 10)
}

// ParsePath reads what Path wrote, and nothing else.
func ParsePath(s string) (p Position, ok bool) {
	parts := strings.Split(s, "/")
	if len(parts) != 3 || !isTopic(parts[0]) {
		return Position{}, false
	}
	partition, err := strconv.ParseInt(parts[1], 10, 32)
	offset, err2 := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || err2 != nil || partition < 0 || offset < 0 {
		return Position{}, false
	}
	p = Position{TopicPartition{parts[0], int32(partition)}, offset}
	return p, p.Path() == s // no second spelling of the same place
}

// isTopic reports a name that Kafka allows.
func isTopic(s string) bool {
	return s != "" && len(s) <= maxTopicBytes && strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '_' || r == '-')
	}) < 0
}

// ReplayOf returns the Path of the dead letter that a message repeats, "" for
// a message that is no replay. The last of several such headers counts.
func ReplayOf(headers []Header) string {
	for i := len(headers) - 1; i >= 0; i-- {
		if headers[i].Key != HeaderReplayOf {
			continue
		}
		if _, ok := ParsePath(string(headers[i].Value)); ok {
			return string(headers[i].Value)
		}
		return ""
	}
	return ""
}

// Replay returns the message that sends a dead letter again: its bytes, key and
// headers as they were, and the header that names it.
func Replay(m Message) OutMessage {
	headers := make([]Header, 0, len(m.Headers)+1)
	for _, h := range m.Headers {
		if h.Key != HeaderReplayOf { // of an earlier replay: this one continues the chain
			headers = append(headers, h)
		}
	}
	headers = append(headers, Header{Key: HeaderReplayOf, Value: []byte(m.Position.Path())})
	return OutMessage{Key: m.Key, Value: m.Value, Headers: headers}
}
