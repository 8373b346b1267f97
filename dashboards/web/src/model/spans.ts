import type { Label } from './types'

export interface Segment {
  text: string
  topic?: string
  sentiment?: Label
}

export interface Mention {
  topic: string
  sentiment: Label
  start: number // UTF-8 byte offsets
  end: number
}

/**
 * Cuts a text at its mentions. Offsets count UTF-8 bytes; JavaScript strings
 * count UTF-16 units, so every cut is translated and none falls into a
 * character. Mentions that overlap an earlier one, or lie outside, are left out.
 */
export function segments(text: string, mentions: Mention[]): Segment[] {
  const index = byteIndex(text, mentions.flatMap((m) => [m.start, m.end]))
  const out: Segment[] = []
  let done = 0
  for (const m of [...mentions].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const start = index.get(m.start)
    const end = index.get(m.end)
    if (start === undefined || end === undefined || start < done || end <= start) continue
    if (start > done) out.push({ text: text.slice(done, start) })
    out.push({ text: text.slice(start, end), topic: m.topic, sentiment: m.sentiment })
    done = end
  }
  if (done < text.length) out.push({ text: text.slice(done) })
  return out
}

/** Maps the wanted byte offsets to string indices; offsets inside a character are missing. */
function byteIndex(text: string, wanted: number[]): Map<number, number> {
  const want = new Set(wanted)
  const found = new Map<number, number>()
  let bytes = 0
  let units = 0
  for (const ch of text) {
    if (want.has(bytes)) found.set(bytes, units)
    bytes += utf8Length(ch.codePointAt(0) ?? 0)
    units += ch.length
  }
  if (want.has(bytes)) found.set(bytes, units)
  return found
}

function utf8Length(point: number): number {
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}
