package clickhouse

import (
	"encoding/json"

	chcolumn "github.com/ClickHouse/clickhouse-go/v2/lib/column"

	"earshot/pipeline"
)

// Headers carry Kafka headers to and from a column Map(String, String) with
// their order and with equal keys, which a Go map would lose.
type Headers []pipeline.Header

var _ chcolumn.IterableOrderedMap = (*Headers)(nil)

// Put implements column.IterableOrderedMap.
func (h *Headers) Put(key, value any) {
	k, _ := key.(string)
	v, _ := value.(string)
	*h = append(*h, pipeline.Header{Key: k, Value: []byte(v)})
}

// Iterator implements column.IterableOrderedMap.
func (h *Headers) Iterator() chcolumn.MapIterator { return &headerIterator{headers: *h, at: -1} }

// MarshalJSON writes an object, in which the last of equal keys counts.
func (h Headers) MarshalJSON() ([]byte, error) {
	out := make(map[string]string, len(h))
	for _, header := range h {
		out[header.Key] = string(header.Value)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (h *Headers) UnmarshalJSON(text []byte) error {
	var in map[string]string
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	*h = nil
	for key, value := range in {
		h.Put(key, value)
	}
	return nil
}

type headerIterator struct {
	headers Headers
	at      int
}

func (i *headerIterator) Next() bool { i.at++; return i.at < len(i.headers) }
func (i *headerIterator) Key() any   { return i.headers[i.at].Key }
func (i *headerIterator) Value() any { return string(i.headers[i.at].Value) }
