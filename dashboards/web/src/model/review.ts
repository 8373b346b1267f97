// Reviews: people say whether a text speaks of a topic.

import { percent } from './format'
import { segments, type Segment } from './spans'
import { NEXT_TOPIC } from './state'

export type Answer = 'yes' | 'no' | 'skip'

export interface ReviewText {
  event_id: string
  occurred_at: string
  source: string
  location: string
  text: string
  mention: { start: number; end: number } | null // UTF-8 byte offsets
}

export interface ReviewBody {
  topic: string // '': every sample is complete
  sample: number
  answered: number // with yes or no
  left: number
  writable: boolean
  message?: string
  texts: ReviewText[]
}

export interface Interval {
  value: number
  low: number // 95 %
  high: number
}

export interface TopicShare {
  topic: string
  tagged: number
  corrected: Interval | null // null: too few answers
}

/** An answer of this visit, with the sample it was given to. */
export interface Given {
  body: ReviewBody
  topic: string
  text: ReviewText
  answer: Answer
}

const SAID = ['topic', 'topic_sentiment', 'context', 'sentiment', 'q', 'contradiction']

/** The page's query without what the texts say: a sample by that would be no random one. */
export function reviewQuery(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([field]) => !SAID.includes(field)))
}

/** The query of the sample of a topic, or of the topic that lacks answers most. */
export function sampleQuery(query: Record<string, string>, topic: string): Record<string, string> {
  return topic === NEXT_TOPIC ? reviewQuery(query) : { ...reviewQuery(query), topic }
}

/** The first text that has not been answered since the sample was loaded. */
export function nextText(body: ReviewBody, given: Given[]): ReviewText | null {
  const done = new Set(given.filter((g) => g.topic === body.topic).map((g) => g.text.event_id))
  return body.texts.find((t) => !done.has(t.event_id)) ?? null
}

/** How many of the sample are answered with yes or no, those since it was loaded included. */
export function answered(body: ReviewBody, given: Given[]): number {
  return body.answered + given.filter((g) => g.body === body && g.answer !== 'skip').length
}

export function markedText(text: ReviewText, topic: string): Segment[] {
  return segments(text.text, text.mention ? [{ ...text.mention, topic, sentiment: 'neutral' }] : [])
}

/** 0.042 in 0.031..0.056 -> "4.2% (3.1–5.6%)": one digit below ten. */
export function intervalText({ value, low, high }: Interval): string {
  const figure = (x: number) => (high < 0.1 ? (100 * x).toFixed(1) : percent(x).slice(0, -1))
  return `${figure(value)}% (${figure(low)}–${figure(high)}%)`
}
