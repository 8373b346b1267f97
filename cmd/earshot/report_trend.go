package main

import (
	"fmt"
	"math"
	"strings"
	"time"

	"earshot/sinks/clickhouse"
)

// trendWidth is the number of bars of a sparkline at the most.
const trendWidth = 60

// bars are the heights of a sparkline; a space stands for no value.
const bars = "▁▂▃▄▅▆▇█"

func writeTrend(b *strings.Builder, p paint, days []clickhouse.TrendPoint) {
	if len(days) < 2 {
		return
	}
	per := (len(days) + trendWidth - 1) / trendWidth
	var volume, net []float64
	for start := 0; start < len(days); start += per {
		group := days[start:min(start+per, len(days))]
		volume = append(volume, meanVolume(group))
		net = append(net, netSentiment(group))
	}
	unit := "a bar is a day"
	if per > 1 {
		unit = fmt.Sprintf("a bar is %d days", per)
	}
	first, last := days[0].Day.Format(time.DateOnly), days[len(days)-1].Day.Format(time.DateOnly)
	fmt.Fprintf(b, "\n%s  %s to %s, %s\n", p.bold("Trend"), first, last, unit)
	low, high := extent(volume)
	fmt.Fprintf(b, "  volume %s  %.0f to %.0f a day\n", sparkline(volume), low, high)
	if low, high := extent(net); !math.IsNaN(low) {
		fmt.Fprintf(b, "  net    %s  %+.0f to %+.0f\n", sparkline(net), low, high)
	}
}

func meanVolume(days []clickhouse.TrendPoint) float64 {
	var sum uint64
	for _, d := range days {
		sum += d.Volume
	}
	return float64(sum) / float64(len(days))
}

// netSentiment is that of several days together, NaN if nothing was scored.
func netSentiment(days []clickhouse.TrendPoint) float64 {
	var positive, negative, scored uint64
	for _, d := range days {
		positive, negative = positive+d.Positive, negative+d.Negative
		scored += d.Positive + d.Neutral + d.Negative
	}
	if scored == 0 {
		return math.NaN()
	}
	return 100 * (float64(positive) - float64(negative)) / float64(scored)
}

// extent is the lowest and the highest value, NaN without any.
func extent(values []float64) (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if !(v >= low) {
			low = v
		}
		if !(v <= high) {
			high = v
		}
	}
	return low, high
}

// sparkline draws values from their lowest to their highest.
func sparkline(values []float64) string {
	low, high := extent(values)
	heights := []rune(bars)
	var b strings.Builder
	for _, v := range values {
		if math.IsNaN(v) {
			b.WriteByte(' ')
			continue
		}
		height := 0
		if high > low {
			height = int(math.Round((v - low) / (high - low) * float64(len(heights)-1)))
		}
		b.WriteRune(heights[height])
	}
	return b.String()
}
