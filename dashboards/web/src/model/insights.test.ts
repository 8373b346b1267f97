import { describe, expect, it } from 'vitest'
import { costText, insightQuery, liftMarks, liftPlace, liftScale, liftText, ofTotal, subjectOf, whereOf } from './insights'
import type { Finding, Region } from './types'

const any: Region = { location: null, channel: null, product: null, team: null, segment: null, weekdays: null, hours: null }

function finding(lift: number, high: number, sentence = ''): Finding {
  return {
    ...any, id: 'x', topic: 'service.speed', lift, lift_low: lift / 2, lift_high: high, q: 0.01, since: null, count: 41, exposure: 120,
    nps_points: null, sentence, evidence: { sentences: [] }, sql: '',
  }
}

describe('insights', () => {
  it('names the cell', () => {
    expect(whereOf(any)).toBe('Everywhere')
    expect(whereOf({ ...any, location: 'store-012', weekdays: [5, 6], hours: [18, 19] })).toBe('store-012 · Fri–Sat 18–20 h')
    expect(whereOf({ ...any, channel: 'sms', product: 'soup', weekdays: [1, 2, 3, 4, 5, 6, 7], hours: [9] })).toBe('SMS · soup · daily 9–10 h')
    expect(whereOf({ ...any, weekdays: [7], hours: [0, 1] })).toBe('Sun 0–2 h')
  })

  it('looks back half a year at least, whatever the page shows', () => {
    const now = new Date('2026-11-23T10:00:00Z')
    expect(insightQuery({ since: '2026-11-17', location: 'a', sentiment: 'negative', topic_sentiment: 'negative' }, now)).toEqual({ since: '2026-05-28', location: 'a' })
    expect(insightQuery({ since: '2025-01-01' }, now)).toEqual({ since: '2025-01-01' })
    expect(insightQuery({ since: '2026-03-01', until: '2026-04-01' }, now)).toEqual({ since: '2025-10-03', until: '2026-04-01' })
    expect(insightQuery({ topic: 'food' }, now)).toEqual({ topic: 'food' })
  })

  it('takes the subject from the sentence', () => {
    expect(subjectOf(finding(2, 3, 'Slow service: store-012, 3.4x the usual.'))).toBe('Slow service')
    expect(subjectOf(finding(2, 3, ''))).toBe('Service.speed')
  })

  it('puts lifts on a bar that holds them', () => {
    expect(liftScale([])).toBe(2)
    expect(liftScale([finding(1.5, 1.8), finding(6.3, 9.3)])).toBe(10)
    expect(liftScale([finding(4, 900)])).toBe(10) // one wide interval does not press the rest together
    expect(liftScale([finding(90, 200)])).toBe(100)
    expect(liftPlace(1, 10)).toBe(0)
    expect(liftPlace(10, 10)).toBe(1)
    expect(liftPlace(0.2, 10)).toBe(0)
    expect(liftPlace(900, 10)).toBe(1)
    expect(liftMarks(10)).toEqual([1, 2, 5, 10])
  })

  it('writes figures', () => {
    expect([liftText(1.54), liftText(9.96), liftText(13.2)]).toEqual(['1.5×', '10×', '13×'])
    expect([costText(1.37), costText(-0.4)]).toEqual(['−1.4', '+0.4'])
    expect([ofTotal(4, 1024), ofTotal(4, 4)]).toEqual(['4 of 1,024', 'all 4'])
  })
})
