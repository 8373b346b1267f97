import { capital, channelName, count, signed } from './format'
import { addDays, dayOf } from './state'
import type { Finding, Region } from './types'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const LEAST_DAYS = 180 // what stands out needs a past to stand out from

/** The selection that is mined for a page: as far back as the page, half a year at least. */
export function insightQuery(query: Record<string, string>, now: Date): Record<string, string> {
  const { topic_sentiment: _m, sentiment: _s, ...rest } = query
  const { since, until } = rest
  if (!since) return rest
  const earliest = addDays(until ?? addDays(dayOf(now), 1), -LEAST_DAYS)
  return { ...rest, since: since < earliest ? since : earliest }
}

/** "store-012 · Fri–Sat 18–20 h", "Everywhere". */
export function whereOf(r: Region): string {
  const parts = [r.location, r.channel && channelName(r.channel), r.product, r.team, r.segment].filter((p): p is string => Boolean(p))
  const time = timeOf(r)
  if (time) parts.push(time)
  return parts.length > 0 ? parts.join(' · ') : 'Everywhere'
}

function timeOf(r: Region): string {
  const days = r.weekdays ?? []
  const hours = r.hours ?? []
  const first = hours[0]
  if (first === undefined) return ''
  const name = (d: number | undefined) => DAYS[(d ?? 1) - 1] ?? ''
  const which = days.length === 0 || days.length === 7 ? 'daily' : days.length === 1 ? name(days[0]) : `${name(days[0])}–${name(days.at(-1))}`
  return `${which} ${first}–${(hours.at(-1) ?? first) + 1} h`
}

/** "Slow service", from the sentence: it knows the taxonomy's names. */
export function subjectOf(f: Finding): string {
  const at = f.sentence.indexOf(': ')
  return at > 0 ? f.sentence.slice(0, at) : capital(f.topic)
}

/** Where a lift stands on the bar, 0..1: logarithmic, from the usual rate to most. */
export function liftPlace(lift: number, most: number): number {
  return Math.min(1, Math.max(0, Math.log(Math.max(lift, 1)) / Math.log(Math.max(most, 2))))
}

/** The bar's far end: above all intervals, but a single wide one does not press the rest together. */
export function liftScale(findings: Finding[]): number {
  const most = Math.max(2, ...findings.map((f) => Math.min(f.lift_high, 2 * f.lift)))
  return [2, 3, 5, 10, 20, 50].find((step) => step >= most) ?? 100
}

/** Marks on the bar. */
export function liftMarks(most: number): number[] {
  return [1, 2, 5, 10, 20, 50, 100].filter((m) => m <= most)
}

export function liftText(lift: number): string {
  return `${lift < 9.95 ? lift.toFixed(1) : lift.toFixed(0)}×`
}

/** NPS points as the page writes them: what the complaints cost has a minus. */
export function costText(points: number): string {
  return signed(-points, 1)
}

/** "4 of 24", "all 4": how many comments are on view. */
export function ofTotal(shown: number, total: number): string {
  return shown < total ? `${count(shown)} of ${count(total)}` : `all ${count(total)}`
}
