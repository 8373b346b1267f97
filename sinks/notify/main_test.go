package notify

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"earshot/pipeline/insight"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 7, 3, 12, 0, 0, 0, time.UTC)

func crisis() Message {
	a := insight.NewAlert(insight.Signal{
		Kind: insight.KindCrisis, Cell: insight.Cell{Location: "store-001"}, Since: noon.Add(-5 * time.Minute), Until: noon, Observed: 30, Expected: 1.5,
	}, noon)
	return Message{ID: a.ID + "/1/raised", Change: insight.ChangeRaised, At: noon, Alert: a}
}

func hasty() Patience {
	return Patience{Attempts: 4, Pause: time.Millisecond, Longest: 4 * time.Millisecond, Timeout: 20 * time.Second}
}
