import { expect, test } from 'vitest'
import { bucketDays, buckets } from './buckets'
import { addDays } from './state'
import type { TrendPoint } from './types'

const point = (day: string, positive: number, negative: number): TrendPoint => ({
  day: `${day}T00:00:00Z`, volume: positive + negative + 1, positive, neutral: 1, negative, net_sentiment: null, csat: null, nps: null,
})

test('days without feedback are zeros', () => {
  const got = buckets([point('2026-03-02', 3, 0), point('2026-03-04', 0, 1)], '2026-03-01', '2026-03-05')
  expect(got.map((b) => [b.from, b.volume])).toEqual([['2026-03-01', 0], ['2026-03-02', 4], ['2026-03-03', 0], ['2026-03-04', 2], ['2026-03-05', 0]])
  expect(got.map((b) => b.net)).toEqual([null, 75, null, -50, null])
})

test('long periods: bars of weeks or four weeks that lose nothing', () => {
  for (const days of [125, 126, 400, 2000]) {
    const points = Array.from({ length: days }, (_, i) => point(addDays('2020-01-01', i), 1, 1))
    const got = buckets(points)
    expect(got.reduce((n, b) => n + b.volume, 0)).toBe(3 * days)
    expect(got.at(-1)?.to).toBe(addDays('2020-01-01', days - 1))
    expect(got[0]?.from).toBe('2020-01-01')
    expect(got.length).toBe(Math.ceil(days / bucketDays(days)))
    got.slice(1).forEach((b, i) => expect(b.from).toBe(addDays(got[i]?.to ?? '', 1)))
  }
})

test('nothing', () => expect(buckets([])).toEqual([]))
