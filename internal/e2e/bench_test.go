package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// The benchmark runs, adds up and cleans up; how fast it is is not judged here.
func TestBenchPipeline(t *testing.T) {
	needEngine(t)
	in := newInstall(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	got := decode[struct {
		Events    int     `json:"events"`
		KafkaRead float64 `json:"kafka_read_per_second"`
		Insert    float64 `json:"clickhouse_insert_per_second"`
		Pipeline  float64 `json:"pipeline_per_second"`
		Audit     struct {
			Offsets, Events, Duplicates int
		} `json:"audit"`
	}](t, in.must("bench", "pipeline", "--events", "3000", "--json"))
	if got.Events != 3000 || got.Audit.Offsets != 3000 || got.Audit.Events+got.Audit.Duplicates != 3000 {
		t.Errorf("%+v", got)
	}
	if got.KafkaRead <= 0 || got.Insert <= 0 || got.Pipeline <= 0 {
		t.Errorf("rates: %+v", got)
	}
	if left, err := filepath.Glob(filepath.Join(temp, "earshot-bench-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(in.data, "endpoints.json")); !os.IsNotExist(err) {
		t.Errorf("the user's data directory was touched: %v", err)
	}
}
