import { expect, test } from 'vitest'
import { answered, intervalText, markedText, nextText, reviewQuery, sampleQuery, type Given, type ReviewBody, type ReviewText } from './review'
import { NEXT_TOPIC } from './state'

const text = (event_id: string, words = 'slow'): ReviewText => ({ event_id, occurred_at: '2025-01-01T00:00:00Z', source: 'sms', location: '', text: words, mention: null })
const body = (answeredBefore: number, ...ids: string[]): ReviewBody => ({ topic: 'a', sample: 50, answered: answeredBefore, left: ids.length, writable: true, texts: ids.map((id) => text(id)) })
const give = (to: ReviewBody, id: string, answer: Given['answer'] = 'yes'): Given => ({ body: to, topic: to.topic, text: text(id), answer })

test('the mention is marked by bytes', () => {
  const marked = markedText({ ...text('1', 'Café 😤 slow'), mention: { start: 11, end: 15 } }, 'service.speed')
  expect(marked.filter((s) => s.topic)).toEqual([{ text: 'slow', topic: 'service.speed', sentiment: 'neutral' }])
  expect(markedText(text('1', 'slow'), 'a')).toEqual([{ text: 'slow' }])
})

test('what the texts say does not choose them', () => {
  expect(reviewQuery({ since: '2025-01-01', location: 'x', topic: 'a', sentiment: 'negative', q: 'slow' })).toEqual({ since: '2025-01-01', location: 'x' })
  expect(sampleQuery({ topic: 'a', source: 'sms' }, 'b')).toEqual({ source: 'sms', topic: 'b' })
  expect(sampleQuery({ topic: 'a' }, NEXT_TOPIC)).toEqual({})
})

test('answers move on, and count until the sample is loaded again', () => {
  const first = body(3, '1', '2', '3')
  const given = [give(first, '1'), give(first, '2', 'skip')]
  expect(nextText(first, [])?.event_id).toBe('1')
  expect(nextText(first, given)?.event_id).toBe('3')
  expect(answered(first, given)).toBe(4)
  const second = body(4, '3')
  expect(answered(second, given)).toBe(4)
  expect(nextText(second, [...given, give(second, '3')])).toBeNull()
  expect(nextText({ ...second, topic: 'b' }, [give(first, '3')])?.event_id).toBe('3')
})

test('intervals', () => {
  expect(intervalText({ value: 0.0421, low: 0.031, high: 0.056 })).toBe('4.2% (3.1–5.6%)')
  expect(intervalText({ value: 0.42, low: 0.06, high: 0.561 })).toBe('42% (6–56%)')
})
