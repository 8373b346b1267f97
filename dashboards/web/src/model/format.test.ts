import { expect, test } from 'vitest'
import { channelName, due, duration, hourOfWeek, short, signed, topicName } from './format'

test.each<[number, string]>([
  [0, '0s'], [59.4, '59s'], [60, '1m'], [95, '1m 35s'], [3600, '1h'], [5400, '1h 30m'], [90_000, '1d 1h'],
])('duration %d', (seconds, want) => expect(duration(seconds)).toBe(want))

test.each<[number, string]>([[999, '999'], [9999, '9,999'], [12_345, '12.3k'], [120_000, '120k'], [2_500_000, '2.5M']])('short %d', (n, want) => expect(short(n)).toBe(want))

test('signs: a rounded zero has none', () => {
  expect([signed(3), signed(-3.26, 1), signed(-0.04, 1), signed(0)]).toEqual(['+3', '−3.3', '0.0', '0'])
})

test('due', () => {
  const now = new Date('2026-03-01T12:00:00Z')
  expect(due('2026-03-01T09:00:00Z', now)).toBe('overdue by 3h')
  expect(due('2026-03-01T12:10:00Z', now)).toBe('due in 10m')
  expect(due('2026-03-05T12:00:00Z', now)).toBe('due in 4d')
})

test('names', () => {
  expect(hourOfWeek(0)).toBe('Mon 00:00')
  expect(hourOfWeek(167)).toBe('Sun 23:00')
  expect(topicName('service.speed')).toBe('Service · speed')
  expect(topicName('peak_hours')).toBe('Peak hours')
  expect([channelName('sms'), channelName('in_person')]).toEqual(['SMS', 'In person'])
})
