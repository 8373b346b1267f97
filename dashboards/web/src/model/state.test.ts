import { expect, test } from 'vitest'
import { addDays, bounds, drillQuery, effectivePeriod, EMPTY, format, pageQuery, parse, type State } from './state'

const now = new Date('2026-03-15T22:30:00Z')

const full: State = {
  period: { from: '2026-01-01', to: '2026-01-31' },
  filters: { location: 'store-012', q: 'a&b=ü “x”' },
  heat: 'service.speed',
  measure: 'rate',
  drill: { filters: { topic: 'food', hour_of_week: '114' }, days: { from: '2026-01-02', to: '2026-01-02' }, offset: 50 },
  review: 'service.speed',
}

test.each<[string, State]>([
  ['empty', EMPTY],
  ['full', full],
  ['span', { ...EMPTY, period: { span: '90d' } }],
  ['drill without filters', { ...EMPTY, drill: { filters: {}, days: null, offset: 0 } }],
])('a view survives its address: %s', (_name, state) => {
  expect(parse(format(state))).toEqual(state)
})

test.each([
  '?period=forever', '?from=2026-02-30x&to=2026-03-01', '?from=2026-03-02&to=2026-03-01', '?unknown=1', '?see.topic=x',
])('what it does not understand it leaves out: %s', (search) => {
  expect(parse(search)).toEqual(EMPTY)
})

test('offset must be a whole positive number', () => {
  for (const bad of ['-5', '1.5', 'x', '']) expect(parse(`?see=1&see.offset=${bad}`).drill?.offset).toBe(0)
})

test('without a choice: 30 days, or everything when the newest feedback is older', () => {
  expect(effectivePeriod(null, '2026-03-14T00:00:00Z', now)).toEqual({ span: '30d' })
  expect(effectivePeriod(null, '2024-03-14T00:00:00Z', now)).toEqual({ span: 'all' })
  expect(effectivePeriod(null, '0001-01-01T00:00:00Z', now)).toEqual({ span: '30d' })
  expect(effectivePeriod({ span: '7d' }, '2024-03-14T00:00:00Z', now)).toEqual({ span: '7d' })
})

test('a span is whole days, today included', () => {
  expect(bounds({ span: '7d' }, now)).toEqual({ since: '2026-03-09' })
  expect(bounds({ span: 'all' }, now)).toEqual({})
  expect(bounds({ from: '2026-02-27', to: '2026-02-28' }, now)).toEqual({ since: '2026-02-27', until: '2026-03-01' })
})

test('the drill wins over the page', () => {
  const filters = { location: 'store-012', topic: 'service' }
  expect(pageQuery(filters, { span: '7d' }, now)).toEqual({ ...filters, since: '2026-03-09' })
  const drill = { filters: { topic: 'food' }, days: { from: '2026-03-10', to: '2026-03-11' }, offset: 0 }
  expect(drillQuery(filters, { span: '7d' }, drill, now)).toEqual({ location: 'store-012', topic: 'food', since: '2026-03-10', until: '2026-03-12' })
})

test('days are added across months and leap days', () => {
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
})
