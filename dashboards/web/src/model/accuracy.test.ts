import { expect, test } from 'vitest'
import { accuracyRows, confusionShares, curve, type Accuracy } from './accuracy'

const figures = (part: Partial<Accuracy>): Accuracy => ({
  rated: 1, accuracy: 1, accuracy_low: 0, accuracy_high: 1, macro_f1: 1, calibration_error: 0, confusion: [[0, 0, 0], [0, 0, 0], [0, 0, 1]], calibration: { bins: [] }, ...part,
})

test('one channel or language alone is no row beside all', () => {
  const all = figures({ rated: 3 })
  const channels = [figures({ channel: 'review' }), figures({ channel: 'survey' })]
  expect(accuracyRows({ all, channels, languages: [figures({ language: 'en' })], groups: [] }).map((r) => r.key)).toEqual(['all', 'channel:review', 'channel:survey'])
  expect(accuracyRows({ all: null, channels: [], languages: [], groups: [] })).toEqual([])
})

test('shares are of the rating, and nothing of nothing is 0', () => {
  expect(confusionShares([[3, 0, 1], [0, 0, 0], [0, 5, 5]])).toEqual([[0.75, 0, 0.25], [0, 0, 0], [0, 0.5, 0.5]])
})

test('empty bins are no points', () => {
  expect(curve([{ count: 0, right: 0, confidence: 0 }, { count: 4, right: 3, confidence: 3.2 }])).toEqual([{ confidence: 0.8, right: 0.75, count: 4 }])
})
