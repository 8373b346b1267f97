import { useCallback } from 'preact/hooks'
import type { EChartsCoreOption } from 'echarts/core'
import type { OpenDrill } from '../app'
import { baseOption, Chart, indexOf, tip, type Palette } from '../charts/chart'
import type { Resource } from '../hooks'
import { count, hourOfWeek, percent, share, short, weekday } from '../model/format'
import type { HourStat } from '../model/types'
import { Panel } from '../panel'
import type { Theme } from '../theme'

export function Week({ hours, theme, open }: { hours: Resource<{ hours: HourStat[] }>; theme: Theme; open: OpenDrill }) {
  return (
    <Panel title="The week" class="panel-week" resource={hours} empty={(d) => d.hours.length === 0} rows={4} hint="Feedback by local hour; the lower part is negative">
      {(d) => <WeekChart stats={d.hours} theme={theme} open={open} />}
    </Panel>
  )
}

function WeekChart({ stats, theme, open }: { stats: HourStat[]; theme: Theme; open: OpenDrill }) {
  const option = useCallback((c: Palette) => weekOption(everyHour(stats), c), [stats])
  const hours = everyHour(stats)
  const describe = (i: number) => {
    const h = hours[i]
    return h ? `${hourOfWeek(i)}: ${count(h.volume)} pieces of feedback, ${count(h.negative)} negative` : ''
  }
  return <Chart name="week" label="Feedback by hour of the week" height={150} points={168} theme={theme} option={option} describe={describe} onPick={(i) => open({ filters: { hour_of_week: String(i) } })} />
}

function everyHour(stats: HourStat[]): HourStat[] {
  const out: HourStat[] = Array.from({ length: 168 }, (_, hour_of_week) => ({ hour_of_week, volume: 0, negative: 0, net_sentiment: null }))
  for (const s of stats) out[s.hour_of_week] = s
  return out
}

function weekOption(hours: HourStat[], c: Palette): EChartsCoreOption {
  const base = baseOption(c)
  const bar = (key: string, data: number[], colour: string) => ({ type: 'bar', stack: 'hour', name: key, data, itemStyle: { color: colour }, barCategoryGap: '14%', cursor: 'pointer' })
  return {
    ...base,
    tooltip: { ...(base['tooltip'] as object), formatter: (params: unknown) => weekTip(hours[indexOf(params)]) },
    grid: { left: 44, right: 8, top: 8, bottom: 24 },
    xAxis: {
      type: 'category', data: hours.map((_, i) => String(i)),
      axisTick: { show: true, interval: (i: number) => i % 24 === 0, lineStyle: { color: c('line') }, alignWithLabel: false },
      axisLine: { lineStyle: { color: c('line') } },
      axisLabel: { color: c('ink-3'), fontSize: 11, interval: (i: number) => i % 24 === 12, formatter: (v: string) => weekday(Math.floor(Number(v) / 24)) },
    },
    yAxis: { type: 'value', splitNumber: 2, splitLine: { lineStyle: { color: c('line-soft') } }, axisLabel: { color: c('ink-3'), fontSize: 11, formatter: (v: number) => short(v) } },
    series: [
      bar('negative', hours.map((h) => h.negative), c('negative')),
      bar('other', hours.map((h) => h.volume - h.negative), c('neutral')),
    ],
  }
}

function weekTip(h: HourStat | undefined): HTMLElement | string {
  if (!h) return ''
  return tip(hourOfWeek(h.hour_of_week), [
    ['neutral', 'Feedback', count(h.volume)],
    ['negative', 'Negative', `${count(h.negative)} · ${percent(share(h.negative, h.volume))}`],
  ], 'Click to read')
}
