package clickhouse

import "time"

// Filter selects feedback. The zero value selects everything; an empty string
// or nil slice does not restrict.
type Filter struct {
	Since, Until                         time.Time // occurred_at in [Since, Until); zero = open
	Source, Platform, Location, Product  string
	Team, Agent, Segment, Topic, Context string
	Sentiment, Language, CustomerID      string
	Text                                 string // case-insensitive substring of title or text
	HourOfWeek                           *int   // 0 = Monday 00:00 local, 167 = Sunday 23:00
}

// KPIs are the headline figures of a selection. A nil pointer means that
// nothing was there to measure.
type KPIs struct {
	Volume               uint64   `json:"volume"`
	Positive             uint64   `json:"positive"`
	Neutral              uint64   `json:"neutral"`
	Negative             uint64   `json:"negative"`
	Unknown              uint64   `json:"unknown"`
	NetSentiment         *float64 `json:"net_sentiment"` // % positive minus % negative of scored events
	CSAT                 *float64 `json:"csat"`          // % of answers 4-5
	CSATAnswers          uint64   `json:"csat_answers"`
	NPS                  *float64 `json:"nps"` // % 9-10 minus % 0-6
	NPSAnswers           uint64   `json:"nps_answers"`
	CES                  *float64 `json:"ces"` // mean of 1..7
	CESAnswers           uint64   `json:"ces_answers"`
	Rating               *float64 `json:"rating"` // mean of 1..5
	Ratings              uint64   `json:"ratings"`
	FirstResponseSeconds *float64 `json:"first_response_seconds"` // median
	Responses            uint64   `json:"responses"`
}

// TrendPoint is one day (UTC) of a selection.
type TrendPoint struct {
	Day          time.Time `json:"day"`
	Volume       uint64    `json:"volume"`
	Positive     uint64    `json:"positive"`
	Neutral      uint64    `json:"neutral"`
	Negative     uint64    `json:"negative"`
	NetSentiment *float64  `json:"net_sentiment"`
	CSAT         *float64  `json:"csat"`
	NPS          *float64  `json:"nps"`
}

// TopicStat counts the mentions of one topic.
type TopicStat struct {
	Topic    string  `json:"topic"`
	Mentions uint64  `json:"mentions"`
	Positive uint64  `json:"positive"`
	Neutral  uint64  `json:"neutral"`
	Negative uint64  `json:"negative"`
	Score    float64 `json:"score"` // mean of mention scores, -1..1
}

// HeatCell counts a topic's mentions in one hour of the local week.
type HeatCell struct {
	Topic      string `json:"topic"`
	HourOfWeek uint8  `json:"hour_of_week"`
	Mentions   uint64 `json:"mentions"`
	Negative   uint64 `json:"negative"`
}

// PlaceStat is one location of a selection.
type PlaceStat struct {
	Location     string   `json:"location"`
	Volume       uint64   `json:"volume"`
	Negative     uint64   `json:"negative"`
	NetSentiment *float64 `json:"net_sentiment"`
	CSAT         *float64 `json:"csat"`
	NPS          *float64 `json:"nps"`
	WorstTopic   string   `json:"worst_topic"` // most negative mentions, "" if none
}

// HourStat is one hour of the local week of a selection.
type HourStat struct {
	HourOfWeek   uint8    `json:"hour_of_week"`
	Volume       uint64   `json:"volume"`
	Negative     uint64   `json:"negative"`
	NetSentiment *float64 `json:"net_sentiment"`
}

// Verbatim is one stored event as a reader sees it.
type Verbatim struct {
	EventID         string    `json:"event_id"`
	OccurredAt      time.Time `json:"occurred_at"`
	Source          string    `json:"source"`
	Platform        string    `json:"platform"`
	Location        string    `json:"location"`
	Product         string    `json:"product"`
	Team            string    `json:"team"`
	Agent           string    `json:"agent"`
	CustomerID      string    `json:"customer_id"`
	Title           string    `json:"title"`
	Text            string    `json:"text"`
	Language        string    `json:"language"`
	Rating          *float32  `json:"rating"`
	CSAT            *uint8    `json:"csat"`
	NPS             *uint8    `json:"nps"`
	CES             *uint8    `json:"ces"`
	Sentiment       string    `json:"sentiment"`
	Score           float32   `json:"score"`
	Topics          []string  `json:"topics"`
	TopicSentiments []string  `json:"topic_sentiments"`
	TopicScores     []float32 `json:"topic_scores"`
	TopicStarts     []uint32  `json:"topic_starts"`
	TopicEnds       []uint32  `json:"topic_ends"`
	Contexts        []string  `json:"contexts"`
	Tags            []string  `json:"tags"`
	Intents         []string  `json:"intents"`
	Model           string    `json:"model"`
}

// Choices are the values that occur, most frequent first: they fill the page's filters.
type Choices struct {
	Sources   []string  `json:"sources"`
	Platforms []string  `json:"platforms"`
	Locations []string  `json:"locations"`
	Products  []string  `json:"products"`
	Topics    []string  `json:"topics"`
	Contexts  []string  `json:"contexts"`
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
}
