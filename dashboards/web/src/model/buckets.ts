import { addDays } from './state'
import type { TrendPoint } from './types'

/** A bar of the trend: one or more days (UTC), both ends included. */
export interface Bucket {
  from: string
  to: string
  volume: number
  positive: number
  neutral: number
  negative: number
  net: number | null
}

/** How many days a bar stands for, so that bars stay wide enough to hit. */
export function bucketDays(days: number): number {
  if (days <= 125) return 1
  return days <= 900 ? 7 : 28
}

/** Fills days without feedback with zeros and sums days into bars, the newest bar ending on the last day. */
export function buckets(points: TrendPoint[], from?: string, to?: string): Bucket[] {
  const byDay = new Map(points.map((p) => [p.day.slice(0, 10), p]))
  const days = [...byDay.keys()].sort()
  const first = from ?? days[0]
  const last = to ?? days.at(-1)
  if (!first || !last) return []
  const total = Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1
  const size = bucketDays(total)
  const out: Bucket[] = []
  for (let end = last; end >= first; end = addDays(end, -size)) {
    const start = addDays(end, 1 - size)
    out.unshift(sum(byDay, start < first ? first : start, end))
  }
  return out
}

function sum(byDay: Map<string, TrendPoint>, from: string, to: string): Bucket {
  const b: Bucket = { from, to, volume: 0, positive: 0, neutral: 0, negative: 0, net: null }
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const p = byDay.get(day)
    if (!p) continue
    b.volume += p.volume
    b.positive += p.positive
    b.neutral += p.neutral
    b.negative += p.negative
  }
  const scored = b.positive + b.neutral + b.negative
  if (scored > 0) b.net = (100 * (b.positive - b.negative)) / scored
  return b
}
