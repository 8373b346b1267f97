// Package review judges a tagger by what people say of a random sample of its
// texts: precision and recall of a topic, and the share of texts that speak of it,
// corrected for what the tagger gets wrong.
package review
