package insight

import (
	"testing"
	"time"
)

func TestSentence(t *testing.T) {
	end := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	day := func(year int, month time.Month) *time.Time {
		d := time.Date(year, month, 3, 0, 0, 0, 0, time.UTC)
		return &d
	}
	store, cost := "store-012", 2.14
	names := map[string]string{"service.speed": "slow service", "price.value": "überteuert"}
	for _, c := range []struct {
		f    Finding
		want string
	}{
		{Finding{Topic: "service.speed", Location: &store, Weekdays: []int{5, 6}, Hours: []int{18, 19}, Since: day(2026, 5), NPSPoints: &cost},
			"Slow service: store-012, Fri-Sat 18-20 h, 3.4x the usual (41 of 120 comments, 95 % 2.7-4.2x), since 3 May; costs 2.1 NPS points."},
		{Finding{Topic: "service.speed", Since: day(2025, 5)},
			"Slow service: everywhere, 3.4x the usual (41 of 120 comments, 95 % 2.7-4.2x), since 3 May 2025."},
		{Finding{Topic: "price.value"}, "Überteuert: everywhere, 3.4x the usual (41 of 120 comments, 95 % 2.7-4.2x)."},
		{Finding{Topic: "food.temperature"}, "Complaints about food temperature: everywhere, 3.4x the usual (41 of 120 comments, 95 % 2.7-4.2x)."},
		{Finding{Topic: "ambience.general"}, "Complaints about ambience: everywhere, 3.4x the usual (41 of 120 comments, 95 % 2.7-4.2x)."},
	} {
		c.f.Lift, c.f.LiftLow, c.f.LiftHigh, c.f.Count, c.f.Exposure = 3.4, 2.7, 4.2, 41, 120
		if got := c.f.sentence(names, end); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
