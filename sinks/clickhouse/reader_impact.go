package clickhouse

import (
	"context"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline/insight"
)

// TopicVotes counts the answers of each topic that is complained of, and of all
// feedback under topic "".
func (r *Reader) TopicVotes(ctx context.Context, f Filter) ([]insight.TopicVotes, error) {
	rows, err := selectRows[topicVotesRow](ctx, r, "impact", f, chgo.Named("groups", uint8(insight.JackknifeGroups)))
	votes := make([]insight.TopicVotes, len(rows))
	for i, row := range rows {
		votes[i] = insight.TopicVotes{Topic: row.Topic, Group: row.Group, Votes: map[insight.KPI]insight.Votes{
			insight.NPS:          {Answers: float64(row.NPSAnswers), Balance: float64(row.NPSBalance)},
			insight.CSAT:         {Answers: float64(row.CSATAnswers), Balance: float64(row.CSATBalance)},
			insight.NetSentiment: {Answers: float64(row.Scored), Balance: float64(row.Net)},
		}}
	}
	return votes, err
}

type topicVotesRow struct {
	Topic       string `ch:"topic"`
	Group       uint8  `ch:"group"`
	NPSAnswers  uint64 `ch:"nps_answers"`
	NPSBalance  int64  `ch:"nps_balance"`
	CSATAnswers uint64 `ch:"csat_answers"`
	CSATBalance int64  `ch:"csat_balance"`
	Scored      uint64 `ch:"scored"`
	Net         int64  `ch:"net"`
}
