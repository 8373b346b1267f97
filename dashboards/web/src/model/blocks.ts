import { segments, type Mention, type Segment } from './spans'
import type { Verbatim } from './types'

/** A paragraph of a verbatim, cut at its mentions. */
export interface Block {
  kind: 'title' | 'text' | 'turn'
  role?: string
  segments: Segment[]
}

type Part = Omit<Block, 'segments'> & { text: string; base: number | null } // base: where it begins in the analysed text

/**
 * The paragraphs of a verbatim with its topics marked. The analysed text, in
 * which the offsets count, is the customer's turns, one a line, where there are
 * any; else the text, a line break and the title; else the title.
 */
export function blocks(v: Verbatim): Block[] {
  const mentions: Mention[] = v.topics.map((topic, i) => ({
    topic, sentiment: v.topic_sentiments[i] ?? 'unknown', start: v.topic_starts[i] ?? -1, end: v.topic_ends[i] ?? -1,
  }))
  const said = v.turns.filter((t) => t.role === 'customer').map((t) => t.text)
  const spoken = said.some((text) => text.trim() !== '')
  // The API gives the customer's turns as the text where there is no other: show them once.
  const repeated = spoken && v.text.trim() === said.join('\n').trim()
  const parts = spoken ? [...written(repeated ? { ...v, text: '' } : v, false), ...turns(v)] : written(v, true)
  return parts.map(({ text, base, ...rest }) => ({
    ...rest,
    segments: segments(text, base === null ? [] : mentions.map((m) => ({ ...m, start: m.start - base, end: m.end - base }))),
  }))
}

function written(v: Verbatim, analysed: boolean): Part[] {
  const hasText = v.text.trim() !== ''
  const parts: Part[] = []
  if (v.title.trim() !== '') {
    parts.push({ kind: 'title', text: v.title, base: analysed ? (hasText ? bytes(v.text) + 1 : 0) : null })
  }
  if (hasText) parts.push({ kind: 'text', text: v.text, base: analysed ? 0 : null })
  return parts
}

function turns(v: Verbatim): Part[] {
  let base = 0
  return v.turns.filter((t) => t.text.trim() !== '').map((t) => {
    const own = t.role === 'customer'
    const part: Part = { kind: 'turn', role: t.role, text: t.text, base: own ? base : null }
    if (own) base += bytes(t.text) + 1
    return part
  })
}

function bytes(s: string): number {
  return new TextEncoder().encode(s).length
}
