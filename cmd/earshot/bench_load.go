package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// processorTicks is processor time spent so far, in clock ticks: by everything
// on the machine, and by one process and those it started.
type processorTicks struct {
	all, busy, ours int64
}

// readTicks reads them where the system has Linux's /proc; elsewhere all is 0.
func readTicks(root int) processorTicks {
	var t processorTicks
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return t
	}
	line, _, _ := strings.Cut(string(text), "\n")
	// proc(5): cpu user nice system idle iowait irq softirq steal guest guest_nice
	for i, field := range strings.Fields(line)[1:] {
		n, _ := strconv.ParseInt(field, 10, 64)
		if i >= 8 {
			break // guests are in user and nice already
		}
		t.all += n
		if i != 3 && i != 4 {
			t.busy += n
		}
	}
	t.ours = familyTicks(root)
	return t
}

// familyTicks sums the processor time of a process and its descendants alive.
func familyTicks(root int) int64 {
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	ticks, parents := map[int]int64{}, map[int]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		end := strings.LastIndexByte(string(text), ')') // the name may hold spaces
		if err != nil || end < 0 {
			continue // it has ended meanwhile
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		// proc(5), counted from the state: 1 ppid, 11 utime, 12 stime.
		f := strings.Fields(string(text[end+1:]))
		user, _ := strconv.ParseInt(f[11], 10, 64)
		system, _ := strconv.ParseInt(f[12], 10, 64)
		parents[pid], _ = strconv.Atoi(f[1])
		ticks[pid] = user + system
	}
	var sum int64
	for pid, n := range ticks {
		for p := pid; p > 1; p = parents[p] {
			if p == root {
				sum += n
				break
			}
		}
	}
	return sum
}

// share is the part of the processors' time between two readings that was
// spent at all, and by programs that are not ours; 0..1.
func (t processorTicks) share(since processorTicks) (busy, others float64) {
	all := float64(t.all - since.all)
	if all <= 0 {
		return 0, 0
	}
	spent := float64(t.busy - since.busy)
	return spent / all, max(0, spent-float64(t.ours-since.ours)) / all
}
