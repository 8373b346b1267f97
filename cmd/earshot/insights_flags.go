package main

import (
	"slices"
	"time"

	"github.com/spf13/pflag"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// kpiFlags are the flags of commands that look into a KPI.
type kpiFlags struct {
	filter clickhouse.Filter
	kpi    string
	format *formatFlags
}

func addKPIFlags(flags *pflag.FlagSet, kpi, kpiHelp string) *kpiFlags {
	k := &kpiFlags{format: addFormat(flags)}
	flags.StringVar(&k.filter.Location, "location", "", "only this location")
	flags.StringVar(&k.filter.Source, "source", "", "only this channel, such as review or chat")
	flags.StringVar(&k.kpi, "kpi", kpi, kpiHelp)
	return k
}

// check returns the output's format.
func (k *kpiFlags) check() (string, error) {
	if k.kpi != "" && !slices.Contains(insight.KPIs(), insight.KPI(k.kpi)) {
		return "", usagef("--kpi %q: choose nps, csat or net_sentiment", k.kpi)
	}
	if err := checkSource(k.filter.Source); err != nil {
		return "", err
	}
	return k.format.value()
}

// kpiSpanFlags are the flags of commands that list what moves a KPI in a span of time.
type kpiSpanFlags struct {
	*kpiFlags
	span  *timeRange
	limit int
}

func addKPISpanFlags(flags *pflag.FlagSet, kpi, kpiHelp string, limit int, limitHelp string) *kpiSpanFlags {
	k := &kpiSpanFlags{kpiFlags: addKPIFlags(flags, kpi, kpiHelp), span: addTimeRange(flags, "90d")}
	flags.IntVar(&k.limit, "limit", limit, limitHelp)
	return k
}

// check returns the output's format and sets the filter's span.
func (k *kpiSpanFlags) check(now time.Time) (format string, err error) {
	if k.limit < 0 {
		return "", usagef("--limit is not negative")
	}
	if k.filter.Since, k.filter.Until, err = k.span.bounds(now); err != nil {
		return "", err
	}
	return k.kpiFlags.check()
}
