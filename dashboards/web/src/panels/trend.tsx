import { useCallback, useMemo } from 'preact/hooks'
import type { EChartsCoreOption } from 'echarts/core'
import type { OpenDrill } from '../app'
import { baseOption, Chart, indexOf, tip, type Palette } from '../charts/chart'
import type { Resource } from '../hooks'
import { buckets, type Bucket } from '../model/buckets'
import { count, dayName, percent, share, short, signed } from '../model/format'
import { addDays, dayOf } from '../model/state'
import type { TrendPoint } from '../model/types'
import { Panel } from '../panel'
import type { Theme } from '../theme'

interface Props {
  trend: Resource<{ points: TrendPoint[] }>
  query: Record<string, string>
  now: Date
  theme: Theme
  open: OpenDrill
}

export function Trend({ trend, query, now, theme, open }: Props) {
  const { since, until } = query
  const today = dayOf(now)
  const points = trend.data?.points
  const bars = useMemo(
    () => buckets(points ?? [], since, since ? (until ? addDays(until, -1) : today) : undefined),
    [points, since, until, today],
  )
  const step = { 1: 'day', 7: 'week' }[longest(bars)] ?? 'four weeks'
  return (
    <Panel title="Trend" class="panel-trend" resource={trend} empty={(d) => d.points.length === 0} rows={7} tools={<Legend />} hint={`Feedback per ${step}, and net sentiment below`}>
      {() => <TrendChart bars={bars} today={today} theme={theme} open={open} />}
    </Panel>
  )
}

/** Days of the longest bar: the first may be cut short by the period. */
function longest(bars: Bucket[]): number {
  const last = bars.at(-1)
  return last ? Math.round((Date.parse(last.to) - Date.parse(last.from)) / 86_400_000) + 1 : 1
}

function Legend() {
  return (
    <ul class="legend" aria-label="Colours">
      {['positive', 'neutral', 'negative'].map((k) => <li key={k}><i class={k} />{k}</li>)}
    </ul>
  )
}

interface ChartProps {
  bars: Bucket[]
  today: string
  theme: Theme
  open: OpenDrill
}

function TrendChart({ bars, today, theme, open }: ChartProps) {
  const now = new Date(today)
  const option = useCallback((c: Palette) => trendOption(bars, new Date(today), c), [bars, today])
  const describe = (i: number) => {
    const b = bars[i]
    return b ? `${name(b, now)}: ${count(b.volume)} pieces of feedback, ${count(b.negative)} negative, net sentiment ${b.net === null ? 'unknown' : signed(b.net)}` : ''
  }
  const pick = (i: number) => {
    const b = bars[i]
    if (b) open({ days: { from: b.from, to: b.to } })
  }
  return <Chart name="trend" label={`Feedback over time, ${bars.length} steps`} height={264} points={bars.length} theme={theme} option={option} describe={describe} onPick={pick} />
}

function name(b: Bucket, now: Date): string {
  return b.from === b.to ? dayName(b.from, now) : `${dayName(b.from, now)} – ${dayName(b.to, now)}`
}

/** Two round steps of an axis that hold every value, within −100 and +100. */
function netScale(bars: Bucket[]): { min: number; max: number; interval: number } {
  const values = bars.flatMap((b) => (b.net === null ? [] : [b.net]))
  const low = Math.min(100, ...values)
  const high = Math.max(-100, ...values)
  const interval = Math.min(100, 10 * Math.max(1, Math.ceil((high - low) / 20 + 0.5)))
  const middle = 10 * Math.round((low + high) / 20)
  const min = Math.min(100 - 2 * interval, Math.max(-100, middle - interval))
  return { min, max: min + 2 * interval, interval }
}

function trendOption(bars: Bucket[], now: Date, c: Palette): EChartsCoreOption {
  const labels = bars.map((b) => dayName(b.from, now))
  const axis = (gridIndex: number, show: boolean) => ({
    type: 'category', gridIndex, data: labels, axisTick: { show: false },
    axisLine: { show, lineStyle: { color: c('line') } },
    axisLabel: { show, color: c('ink-3'), hideOverlap: true, fontSize: 11 },
    splitLine: { show: false },
  })
  const scale = { splitLine: { lineStyle: { color: c('line-soft') } }, axisLabel: { color: c('ink-3'), fontSize: 11 } }
  const stack = (key: 'negative' | 'neutral' | 'positive') => ({
    type: 'bar', stack: 'volume', name: key, data: bars.map((b) => b[key]), itemStyle: { color: c(key) }, barCategoryGap: '22%', barMaxWidth: 28, cursor: 'pointer',
  })
  const base = baseOption(c)
  return {
    ...base,
    tooltip: { ...(base['tooltip'] as object), formatter: (params: unknown) => trendTip(bars[indexOf(params)], now) },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [{ left: 44, right: 8, top: 8, height: 150 }, { left: 44, right: 8, top: 176, height: 62 }],
    xAxis: [axis(0, false), axis(1, true)],
    yAxis: [
      { type: 'value', gridIndex: 0, splitNumber: 3, ...scale, axisLabel: { ...scale.axisLabel, formatter: (v: number) => short(v) } },
      { type: 'value', gridIndex: 1, ...netScale(bars), ...scale, axisLabel: { ...scale.axisLabel, formatter: (v: number) => signed(v) } },
    ],
    series: [
      stack('negative'), stack('neutral'), stack('positive'),
      {
        type: 'line', name: 'net sentiment', xAxisIndex: 1, yAxisIndex: 1, data: bars.map((b) => b.net), connectNulls: true, showSymbol: bars.length < 3, symbolSize: 6,
        lineStyle: { color: c('ink-2'), width: 1.75 }, itemStyle: { color: c('ink-2') },
      },
    ],
  }
}

function trendTip(b: Bucket | undefined, now: Date): HTMLElement | string {
  if (!b) return ''
  const part = (n: number) => `${count(n)} · ${percent(share(n, b.volume))}`
  return tip(name(b, now), [
    ['positive', 'Positive', part(b.positive)],
    ['neutral', 'Neutral', part(b.neutral)],
    ['negative', 'Negative', part(b.negative)],
    ['none', 'Net sentiment', b.net === null ? '–' : signed(b.net, 1)],
  ], 'Click to read')
}
