import { expect, test } from 'vitest'
import { blocks } from './blocks'
import type { Verbatim } from './types'

const base: Verbatim = {
  event_id: 'e1', occurred_at: '2026-03-01T10:00:00Z', source: 'review', platform: '', location: '', product: '', team: '', agent: '',
  customer_id: '', title: '', text: '', language: 'en', rating: null, csat: null, nps: null, ces: null, sentiment: 'negative', score: -0.5, joint_sentiment: 'negative', joint_score: -0.5, contradiction: false,
  topics: [], topic_sentiments: [], topic_scores: [], topic_starts: [], topic_ends: [], contexts: [], tags: [], intents: [], model: '', hour_of_week: 0, turns: [],
}

const bytes = (s: string) => new TextEncoder().encode(s).length

/** A verbatim whose one topic is said in words, at its place in the analysed text. */
function about(v: Partial<Verbatim>, analysed: string, words: string): Verbatim {
  const start = bytes(analysed.slice(0, analysed.indexOf(words)))
  return {
    ...base, ...v, topics: ['food.quality'], topic_sentiments: ['negative'], topic_scores: [-0.5],
    topic_starts: [start], topic_ends: [start + bytes(words)],
  }
}

const marked = (v: Verbatim) => blocks(v).flatMap((b) => b.segments.filter((s) => s.topic).map((s) => `${b.kind}: ${s.text}`))

test('text and title: the title is analysed after the text', () => {
  const text = 'Tout était bien 😀 — sauf ça.'
  const title = 'Très slow service'
  expect(marked(about({ text, title }, `${text}\n${title}`, 'slow service'))).toEqual(['title: slow service'])
  expect(marked(about({ text, title }, `${text}\n${title}`, 'sauf ça'))).toEqual(['text: sauf ça'])
})

test('a title alone is the analysed text', () => {
  expect(marked(about({ title: 'Crêpes burnt' }, 'Crêpes burnt', 'burnt'))).toEqual(['title: burnt'])
})

test('of a conversation only the customer’s turns count', () => {
  const turns = [
    { role: 'bot', text: 'The crêpes were burnt?' },
    { role: 'customer', text: 'Ça va 😤' },
    { role: 'agent', text: 'Sorry: the crêpes were burnt?' },
    { role: 'customer', text: '  ' },
    { role: 'customer', text: 'Yes, the crêpes were burnt.' },
  ]
  const v = about({ turns, text: 'Ça va 😤\n  \nYes, the crêpes were burnt.' }, 'Ça va 😤\nYes, the crêpes were burnt.', 'the crêpes were burnt')
  expect(marked(v)).toEqual(['turn: the crêpes were burnt'])
  expect(blocks(v).map((b) => b.role)).toEqual(['bot', 'customer', 'agent', 'customer'])
})

test('a text beside the conversation is shown, unmarked', () => {
  const v = about({ text: 'Summary: burnt', turns: [{ role: 'customer', text: 'It was burnt' }] }, 'It was burnt', 'burnt')
  expect(blocks(v).map((b) => b.kind)).toEqual(['text', 'turn'])
  expect(marked(v)).toEqual(['turn: burnt'])
})
