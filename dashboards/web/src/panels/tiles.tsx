import type { ComponentChildren } from 'preact'
import type { OpenDrill } from '../app'
import type { Resource } from '../hooks'
import { count, duration, signed } from '../model/format'
import type { Drill } from '../model/state'
import type { KPIBody, KPIs, TrendPoint } from '../model/types'
import { Skeleton } from '../panel'

interface Tile {
  key: keyof KPIs
  name: string
  meaning: string
  show: (x: number) => string
  change: (now: number, before: number) => string
  better: 1 | -1 | 0 // which direction is good; 0: neither
  base: (k: KPIs) => string // what the figure rests on
  spark?: (p: TrendPoint) => number | null
  drill?: Partial<Drill>
}

const points = (now: number, before: number) => signed(now - before, 1)
const relative = (now: number, before: number) => (before === 0 ? '' : `${signed((100 * (now - before)) / before)}%`)
const answers = (n: number) => (n === 0 ? 'no answers' : `${count(n)} answers`)

const TILES: Tile[] = [
  {
    key: 'volume', name: 'Feedback', meaning: 'Pieces of feedback in the period', show: count, change: relative, better: 0,
    base: (k) => `${count(k.negative)} negative`, spark: (p) => p.volume || null, drill: {},
  },
  {
    key: 'net_sentiment', name: 'Net sentiment', meaning: 'Share of positive minus share of negative feedback, −100 to +100', show: (x) => signed(x, 1), change: points, better: 1,
    base: (k) => `${count(k.positive + k.neutral + k.negative)} scored`, spark: (p) => p.net_sentiment, drill: { filters: { sentiment: 'negative' } },
  },
  {
    key: 'csat', name: 'CSAT', meaning: 'Share of satisfaction answers of 4 or 5 out of 5', show: (x) => `${x.toFixed(1)}%`, change: points, better: 1,
    base: (k) => answers(k.csat_answers), spark: (p) => p.csat,
  },
  {
    key: 'nps', name: 'NPS', meaning: 'Net promoter score: share of 9–10 minus share of 0–6, −100 to +100', show: (x) => signed(x, 1), change: points, better: 1,
    base: (k) => answers(k.nps_answers), spark: (p) => p.nps,
  },
  {
    key: 'ces', name: 'CES', meaning: 'Customer effort score: mean of 1 (hard) to 7 (easy)', show: (x) => x.toFixed(2), change: (a, b) => signed(a - b, 2), better: 1,
    base: (k) => answers(k.ces_answers),
  },
  {
    key: 'first_response_seconds', name: 'First response', meaning: 'Median time from opening a contact to the first answer', show: duration, change: relative, better: -1,
    base: (k) => (k.responses === 0 ? 'no contacts answered' : `median of ${count(k.responses)}`),
  },
]

interface Props {
  kpis: Resource<KPIBody>
  trend: Resource<{ points: TrendPoint[] }>
  first: string | null // when the oldest feedback is from
  open: OpenDrill
}

export function Tiles({ kpis, trend, first, open }: Props) {
  const body = kpis.data
  if (!body) {
    return <div class="tiles" aria-busy="true">{TILES.map((t) => <div class="tile" key={t.key}><h2>{t.name}</h2>{kpis.error ? <p class="tile-value">–</p> : <Skeleton rows={2} />}</div>)}</div>
  }
  const previous = comparable(body, first) ? body.previous : null
  return (
    <section class={`tiles ${kpis.loading ? 'is-stale' : ''}`} aria-label="Key figures">
      {TILES.map((t) => <TileBox key={t.key} tile={t} now={body.current} before={previous} trend={trend.data?.points ?? []} open={open} />)}
    </section>
  )
}

/** Half a period of records is no yardstick: compare only when feedback was already coming in. */
function comparable(body: KPIBody, first: string | null): boolean {
  if (!body.since || !first) return false
  const length = Date.parse(body.until) - Date.parse(body.since)
  return Date.parse(first) <= Date.parse(body.since) - length + 86_400_000
}

function TileBox({ tile, now, before, trend, open }: { tile: Tile; now: KPIs; before: KPIs | null; trend: TrendPoint[]; open: OpenDrill }) {
  const value = now[tile.key]
  const content: ComponentChildren = (
    <>
      <h2>{tile.name}</h2>
      <p class="tile-value" data-value={value ?? ''}>{value === null ? '–' : tile.show(value)}</p>
      <p class="tile-foot"><Change tile={tile} now={value} before={before?.[tile.key] ?? null} /> <span>{tile.base(now)}</span></p>
      {tile.spark && <Spark values={trend.map(tile.spark)} />}
    </>
  )
  const { drill } = tile
  if (!drill) return <div class="tile" data-kpi={tile.key} title={tile.meaning}>{content}</div>
  return <button class="tile" data-kpi={tile.key} title={`${tile.meaning}. Click to read it.`} onClick={() => open(drill)}>{content}</button>
}

function Change({ tile, now, before }: { tile: Tile; now: number | null; before: number | null }) {
  if (now === null || before === null) return null
  const text = tile.change(now, before)
  if (!text) return null
  const direction = /[1-9]/.test(text) ? Math.sign(now - before) : 0 // as shown: a rounded zero is no change
  const kind = direction === 0 || tile.better === 0 ? 'is-even' : direction === tile.better ? 'is-better' : 'is-worse'
  const arrow = direction > 0 ? '▲' : direction < 0 ? '▼' : '='
  return (
    <span class={`change ${kind}`} title={`Period before: ${tile.show(before)}`}>
      <span aria-hidden="true">{arrow}</span> {text}
      <span class="visually-hidden">{kind === 'is-better' ? ' better' : kind === 'is-worse' ? ' worse' : ''} than the period before</span>
    </span>
  )
}

const SPARK = { width: 100, height: 22, points: 60 }

/** A line without scale: only its shape speaks. Days without a value are bridged, long periods averaged. */
function Spark({ values }: { values: (number | null)[] }) {
  const known = thin(values).flatMap((v, i) => (v === null ? [] : [{ i, v }]))
  const last = known.at(-1)
  if (!last || known.length < 3) return null
  const first = known[0]?.i ?? 0
  const low = Math.min(...known.map((p) => p.v))
  const high = Math.max(...known.map((p) => p.v))
  const x = (i: number) => (((i - first) / (last.i - first)) * SPARK.width).toFixed(1)
  const y = (v: number) => (SPARK.height - 2 - ((v - low) / (high - low || 1)) * (SPARK.height - 4)).toFixed(1)
  return (
    <svg class="spark" viewBox={`0 0 ${SPARK.width} ${SPARK.height}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={known.map((p) => `${x(p.i)},${y(p.v)}`).join(' ')} />
    </svg>
  )
}

/** Means of runs of days, so that no more than SPARK.points are left. */
function thin(values: (number | null)[]): (number | null)[] {
  const size = Math.ceil(values.length / SPARK.points)
  if (size <= 1) return values
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => {
    const run = values.slice(i * size, (i + 1) * size).filter((v) => v !== null)
    return run.length === 0 ? null : run.reduce((a, b) => a + b, 0) / run.length
  })
}
