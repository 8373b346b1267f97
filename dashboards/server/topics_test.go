package server_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"earshot/sinks/clickhouse"
)

func TestTopicTreeComparesWithThePeriodBefore(t *testing.T) {
	since := now.AddDate(0, 0, -10)
	reader := &fakeReader{t: t, topics: func(f clickhouse.Filter) ([]clickhouse.TopicStat, error) {
		if f.Since.Equal(since) {
			return []clickhouse.TopicStat{{Topic: "service.speed", Mentions: 9}, {Topic: "food", Mentions: 2}}, nil
		}
		if !f.Until.Equal(since) || !f.Since.Equal(since.Add(-10*24*time.Hour)) {
			t.Errorf("compared with %s to %s", f.Since, f.Until)
		}
		return []clickhouse.TopicStat{{Topic: "service.staff", Mentions: 4}, {Topic: "service.speed", Mentions: 5}}, nil
	}}
	var body struct {
		Topics []struct {
			Topic    string
			Mentions int
			Previous *struct{ Mentions int }
		}
	}
	answer := get(newHandler(reader), "/api/v1/topictree?since=10d")
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil || len(body.Topics) != 3 {
		t.Fatal(answer.Code, answer.Body, err)
	}
	speed, food, staff := body.Topics[0], body.Topics[1], body.Topics[2]
	if speed.Previous == nil || speed.Previous.Mentions != 5 || food.Previous != nil || staff.Mentions != 0 || staff.Previous.Mentions != 4 {
		t.Errorf("%s", answer.Body)
	}
}

func TestTopicTreeOfAllTimeComparesWithNothing(t *testing.T) {
	reader := &fakeReader{t: t, topics: func(clickhouse.Filter) ([]clickhouse.TopicStat, error) { return nil, nil }}
	if answer := get(newHandler(reader), "/api/v1/topictree"); answer.Code != http.StatusOK || !json.Valid(answer.Body.Bytes()) {
		t.Fatal(answer.Code, answer.Body)
	}
}

// hotReader has even traffic and complaints about slow service on Fridays at 19 h.
func hotReader(t *testing.T) *fakeReader {
	return &fakeReader{t: t,
		complain: func(f clickhouse.Filter) ([]clickhouse.ComplaintCell, error) {
			cells := []clickhouse.ComplaintCell{{Topic: "service.speed", HourOfWeek: 4*24 + 19, Complaints: 40}}
			for h := range uint8(168) {
				cells = append(cells, clickhouse.ComplaintCell{Topic: "price.value", HourOfWeek: h, Complaints: 3})
				if h%24 != 19 {
					cells = append(cells, clickhouse.ComplaintCell{Topic: "service.staff", HourOfWeek: h, Complaints: 1})
				}
			}
			return cells, nil
		},
		hours: func(f clickhouse.Filter) ([]clickhouse.HourStat, error) {
			if f.Topic != "" || f.Sentiment != "" || f.Location != "store-3" {
				t.Errorf("traffic of %+v", f)
			}
			var out []clickhouse.HourStat
			for h := range uint8(168) {
				out = append(out, clickhouse.HourStat{HourOfWeek: h, Volume: 100})
			}
			return out, nil
		},
	}
}

type hotBody struct {
	Topics []struct {
		Topic string
		Cells []struct {
			Hour, Complaints, Traffic int
			Hot                       bool
		}
	}
}

func askHot(t *testing.T, query string) hotBody {
	t.Helper()
	var body hotBody
	answer := get(newHandler(hotReader(t)), "/api/v1/hotspots?location=store-3&sentiment=negative"+query)
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil || answer.Code != http.StatusOK {
		t.Fatal(answer.Code, answer.Body, err)
	}
	return body
}

func TestHotspotsByHourOfTheDay(t *testing.T) {
	body := askHot(t, "&topics=2")
	if len(body.Topics) != 2 || body.Topics[0].Topic != "price.value" || body.Topics[1].Topic != "service.staff" {
		t.Fatalf("%+v", body)
	}
	body = askHot(t, "")
	if len(body.Topics) != 3 || body.Topics[2].Topic != "service.speed" {
		t.Fatalf("%+v", body)
	}
	for _, topic := range body.Topics {
		for _, c := range topic.Cells {
			if c.Hot != (topic.Topic == "service.speed" && c.Hour == 19) || c.Traffic != 700 {
				t.Errorf("%s %+v", topic.Topic, c)
			}
		}
	}
}

func TestHotspotsOfATopicsWeek(t *testing.T) {
	body := askHot(t, "&view=week&topic=service") // with what is below it
	if len(body.Topics) != 1 || body.Topics[0].Topic != "service" || len(body.Topics[0].Cells) != 168 {
		t.Fatalf("%+v", body)
	}
	for _, c := range body.Topics[0].Cells {
		if c.Hot != (c.Hour == 4*24+19) {
			t.Errorf("%+v", c)
		}
	}
}

func TestHotspotsRefuseWhatTheyDoNotKnow(t *testing.T) {
	for _, query := range []string{"view=month", "view=week", "topics=0", "topics=41", "topics=x", "limit=1", "view=day&view=day", "colour=red"} {
		if answer := get(newHandler(&fakeReader{t: t}), "/api/v1/hotspots?"+query); answer.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", query, answer.Code, answer.Body)
		}
	}
}
