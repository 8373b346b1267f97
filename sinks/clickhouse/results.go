package clickhouse

import "time"

// Filter selects feedback. The zero value selects everything; an empty string
// or nil slice does not restrict.
type Filter struct {
	Since, Until                         time.Time // occurred_at in [Since, Until); zero = open
	Source, Platform, Location, Product  string
	Team, Agent, Segment, Topic, Context string
	Sentiment, Language, CustomerID      string
	TopicSentiment                       string // of a mention: of Topic where that is set, else of any
	Text                                 string // case-insensitive substring of title or text
	HourOfWeek                           *int   // 0 = Monday 00:00 local, 167 = Sunday 23:00
	Hour                                 *int   // of the local day, 0..23
	Contradiction                        bool   // only where rating and text contradict each other
}

// KPIs are the headline figures of a selection. A nil pointer means that
// nothing was there to measure.
type KPIs struct {
	Volume               uint64   `ch:"volume" json:"volume"`
	Positive             uint64   `ch:"positive" json:"positive"`
	Neutral              uint64   `ch:"neutral" json:"neutral"`
	Negative             uint64   `ch:"negative" json:"negative"`
	Unknown              uint64   `ch:"unknown" json:"unknown"`
	NetSentiment         *float64 `ch:"net_sentiment" json:"net_sentiment"` // % positive minus % negative of scored events
	CSAT                 *float64 `ch:"csat" json:"csat"`                   // % of answers 4-5
	CSATAnswers          uint64   `ch:"csat_answers" json:"csat_answers"`
	NPS                  *float64 `ch:"nps" json:"nps"` // % 9-10 minus % 0-6
	NPSAnswers           uint64   `ch:"nps_answers" json:"nps_answers"`
	CES                  *float64 `ch:"ces" json:"ces"` // mean of 1..7
	CESAnswers           uint64   `ch:"ces_answers" json:"ces_answers"`
	Rating               *float64 `ch:"rating" json:"rating"` // mean of 1..5
	Ratings              uint64   `ch:"ratings" json:"ratings"`
	FirstResponseSeconds *float64 `ch:"first_response_seconds" json:"first_response_seconds"` // median
	Responses            uint64   `ch:"responses" json:"responses"`
}

// TrendPoint is one day (UTC) of a selection.
type TrendPoint struct {
	Day          time.Time `ch:"day" json:"day"`
	Volume       uint64    `ch:"volume" json:"volume"`
	Positive     uint64    `ch:"positive" json:"positive"`
	Neutral      uint64    `ch:"neutral" json:"neutral"`
	Negative     uint64    `ch:"negative" json:"negative"`
	NetSentiment *float64  `ch:"net_sentiment" json:"net_sentiment"`
	CSAT         *float64  `ch:"csat" json:"csat"`
	NPS          *float64  `ch:"nps" json:"nps"`
}

// TopicStat counts the mentions of one topic.
type TopicStat struct {
	Topic    string  `ch:"topic" json:"topic"`
	Mentions uint64  `ch:"mentions" json:"mentions"`
	Positive uint64  `ch:"positive" json:"positive"`
	Neutral  uint64  `ch:"neutral" json:"neutral"`
	Negative uint64  `ch:"negative" json:"negative"`
	Score    float64 `ch:"score" json:"score"` // mean of mention scores, -1..1
}

// HeatCell counts a topic's mentions in one hour of the local week.
type HeatCell struct {
	Topic      string `ch:"topic" json:"topic"`
	HourOfWeek uint8  `ch:"hour_of_week" json:"hour_of_week"`
	Mentions   uint64 `ch:"mentions" json:"mentions"`
	Negative   uint64 `ch:"negative" json:"negative"`
}

// PlaceStat is one location of a selection.
type PlaceStat struct {
	Location     string   `ch:"location" json:"location"`
	Volume       uint64   `ch:"volume" json:"volume"`
	Scored       uint64   `ch:"scored" json:"scored"` // with a sentiment
	Negative     uint64   `ch:"negative" json:"negative"`
	NetSentiment *float64 `ch:"net_sentiment" json:"net_sentiment"`
	CSAT         *float64 `ch:"csat" json:"csat"`
	NPS          *float64 `ch:"nps" json:"nps"`
	WorstTopic   string   `ch:"worst_topic" json:"worst_topic"` // most negative mentions, "" if none
}

// TagStat counts the texts that carry one tag.
type TagStat struct {
	Tag      string `ch:"tag" json:"tag"`
	Mentions uint64 `ch:"mentions" json:"mentions"`
	Negative uint64 `ch:"negative" json:"negative"` // texts that are negative as a whole
}

// HourStat is one hour of the local week of a selection.
type HourStat struct {
	HourOfWeek   uint8    `ch:"hour_of_week" json:"hour_of_week"`
	Volume       uint64   `ch:"volume" json:"volume"`
	Scored       uint64   `ch:"scored" json:"scored"` // with a sentiment
	Negative     uint64   `ch:"negative" json:"negative"`
	NetSentiment *float64 `ch:"net_sentiment" json:"net_sentiment"`
}

// Verbatim is one stored event as a reader sees it.
type Verbatim struct {
	EventID         string    `ch:"event_id" json:"event_id"`
	OccurredAt      time.Time `ch:"occurred_at" json:"occurred_at"`
	Source          string    `ch:"source" json:"source"`
	Platform        string    `ch:"platform" json:"platform"`
	Location        string    `ch:"location" json:"location"`
	Product         string    `ch:"product" json:"product"`
	Team            string    `ch:"team" json:"team"`
	Agent           string    `ch:"agent" json:"agent"`
	CustomerID      string    `ch:"customer_id" json:"customer_id"`
	Title           string    `ch:"title" json:"title"`
	Text            string    `ch:"text" json:"text"`
	Language        string    `ch:"language" json:"language"`
	Rating          *float32  `ch:"rating" json:"rating"`
	CSAT            *uint8    `ch:"csat" json:"csat"`
	NPS             *uint8    `ch:"nps" json:"nps"`
	CES             *uint8    `ch:"ces" json:"ces"`
	Sentiment       string    `ch:"sentiment" json:"sentiment"`
	Score           float32   `ch:"score" json:"score"`
	JointSentiment  string    `ch:"joint_sentiment" json:"joint_sentiment"` // of text and rating together
	JointScore      float32   `ch:"joint_score" json:"joint_score"`
	Contradiction   bool      `ch:"contradiction" json:"contradiction"` // the rating says the opposite of the text
	Topics          []string  `ch:"topics" json:"topics"`
	TopicSentiments []string  `ch:"topic_sentiments" json:"topic_sentiments"`
	TopicScores     []float32 `ch:"topic_scores" json:"topic_scores"`
	TopicStarts     []uint32  `ch:"topic_starts" json:"topic_starts"`
	TopicEnds       []uint32  `ch:"topic_ends" json:"topic_ends"`
	Contexts        []string  `ch:"contexts" json:"contexts"`
	Tags            []string  `ch:"tags" json:"tags"`
	Intents         []string  `ch:"intents" json:"intents"`
	Model           string    `ch:"model" json:"model"`
	HourOfWeek      uint8     `ch:"hour_of_week" json:"hour_of_week"` // local: where it happened
	Turns           string    `ch:"turns" json:"-"`                   // JSON list of pipeline.Turn, "" for none
}

// Choices are the values that occur, most frequent first: they fill the page's filters.
type Choices struct {
	Sources   []string  `ch:"sources" json:"sources"`
	Platforms []string  `ch:"platforms" json:"platforms"`
	Locations []string  `ch:"locations" json:"locations"`
	Products  []string  `ch:"products" json:"products"`
	Topics    []string  `ch:"topics" json:"topics"`
	Contexts  []string  `ch:"contexts" json:"contexts"`
	First     time.Time `ch:"first" json:"first"`
	Last      time.Time `ch:"last" json:"last"`
}
