package main

import (
	"io"
	"os"
	"runtime"
	"testing"
	"time"
)

func TestTicksCountThisProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells")
	}
	before := readTicks(os.Getpid())
	after := before
	for deadline := time.Now().Add(10 * time.Second); after.ours < before.ours+5 && time.Now().Before(deadline); {
		for began := time.Now(); time.Since(began) < 20*time.Millisecond; { // work
		}
		after = readTicks(os.Getpid())
	}
	busy, others := after.share(before)
	if after.ours < before.ours+5 || busy <= 0 || busy > 1 || others >= busy {
		t.Errorf("%+v, then %+v: busy %.2f, others %.2f", before, after, busy, others)
	}
}

func TestBenchRefusesTooFew(t *testing.T) {
	p := &program{stdout: io.Discard, stderr: io.Discard}
	if code := p.run(t.Context(), []string{"bench", "pipeline", "--events", "10"}); code != exitUsage {
		t.Errorf("exit %d", code)
	}
}
