package insight

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestWorkers mines one chain with one worker and with several.
func TestWorkers(t *testing.T) {
	table := newWorld(3, 5).table()
	mined := func(workers int) []Finding {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(workers))
		found, err := Mine(context.Background(), table, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	want := mined(1)
	if len(want) == 0 {
		t.Fatal("nothing found")
	}
	if diff := cmp.Diff(want, mined(5), cmpopts.IgnoreUnexported(Finding{})); diff != "" {
		t.Errorf("five workers find something else than one (-one +five)\n%s", diff)
	}
}

func TestMineEndsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Mine(ctx, newWorld(3, 5).table(), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it is cancelled", err)
	}
}
