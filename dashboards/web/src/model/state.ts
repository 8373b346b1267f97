// What the page shows is a value that lives in the URL, so that a view can be
// shared and the back button works.

export const FIELDS = [
  'source', 'platform', 'location', 'product', 'team', 'agent', 'segment', 'topic',
  'topic_sentiment', 'context', 'sentiment', 'language', 'customer_id', 'q', 'hour_of_week', 'contradiction', 'hour',
] as const
export type Field = (typeof FIELDS)[number]
export type Filters = Partial<Record<Field, string>>

export const SPANS = ['7d', '30d', '90d', '365d', 'all'] as const
export type Span = (typeof SPANS)[number]

/** A span back from today, or calendar days (UTC), both ends included. */
export type Period = { span: Span } | { from: string; to: string }

/** What the verbatims panel shows: the page's filters and these on top. */
export interface Drill {
  filters: Filters
  days: { from: string; to: string } | null
  offset: number
}

/** Stands for a topic in State.review; no topic begins with a dot. */
export const NEXT_TOPIC = '.next'

export type Measure = 'count' | 'rate'

export interface State {
  period: Period | null // null: not chosen, see effectivePeriod
  filters: Filters
  heat: string | null // topic of the heatmap; null: the one with most complaints
  measure: Measure
  drill: Drill | null
  review: string | null // topic whose tags are reviewed; NEXT_TOPIC: the one that lacks answers most
}

export const EMPTY: State = { period: null, filters: {}, heat: null, measure: 'count', drill: null, review: null }

const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAY_MS = 86_400_000

export function isDay(s: string | null): s is string {
  return s !== null && DAY.test(s) && !Number.isNaN(Date.parse(s))
}

export function parse(search: string): State {
  const params = new URLSearchParams(search)
  return {
    period: parsePeriod(params),
    filters: readFilters(params, ''),
    heat: params.get('heat'),
    measure: params.get('measure') === 'rate' ? 'rate' : 'count',
    drill: params.has('see') ? parseDrill(params) : null,
    review: params.get('review') || null,
  }
}

function parsePeriod(params: URLSearchParams): Period | null {
  const from = params.get('from')
  const to = params.get('to')
  if (isDay(from) && isDay(to) && from <= to) return { from, to }
  const span = SPANS.find((s) => s === params.get('period'))
  return span ? { span } : null
}

function parseDrill(params: URLSearchParams): Drill {
  const from = params.get('see.from')
  const to = params.get('see.to')
  const offset = Number(params.get('see.offset') ?? '0')
  return {
    filters: readFilters(params, 'see.'),
    days: isDay(from) && isDay(to) ? { from, to } : null,
    offset: Number.isInteger(offset) && offset > 0 ? offset : 0,
  }
}

function readFilters(params: URLSearchParams, prefix: string): Filters {
  const filters: Filters = {}
  for (const field of FIELDS) {
    const value = params.get(prefix + field)
    if (value) filters[field] = value
  }
  return filters
}

export function format(state: State): string {
  const params = new URLSearchParams()
  if (state.period) {
    for (const [k, v] of Object.entries('span' in state.period ? { period: state.period.span } : state.period)) params.set(k, v)
  }
  writeFilters(params, '', state.filters)
  if (state.heat) params.set('heat', state.heat)
  if (state.measure !== 'count') params.set('measure', state.measure)
  if (state.drill) {
    params.set('see', '1')
    writeFilters(params, 'see.', state.drill.filters)
    if (state.drill.days) {
      params.set('see.from', state.drill.days.from)
      params.set('see.to', state.drill.days.to)
    }
    if (state.drill.offset > 0) params.set('see.offset', String(state.drill.offset))
  }
  if (state.review) params.set('review', state.review)
  const s = params.toString()
  return s ? '?' + s : ''
}

function writeFilters(params: URLSearchParams, prefix: string, filters: Filters): void {
  for (const field of FIELDS) {
    const value = filters[field]
    if (value) params.set(prefix + field, value)
  }
}

/** The period in force: the chosen one, else 30 days, or everything if the newest feedback is older than that. */
export function effectivePeriod(chosen: Period | null, last: string | null, now: Date): Period {
  if (chosen) return chosen
  if (last && Date.parse(last) > 0 && Date.parse(last) < now.getTime() - 30 * DAY_MS) return { span: 'all' }
  return { span: '30d' }
}

/** The API's since and until of a period. Spans are whole days (UTC), today included. */
export function bounds(period: Period, now: Date): { since?: string; until?: string } {
  if ('from' in period) return { since: period.from, until: addDays(period.to, 1) }
  if (period.span === 'all') return {}
  return { since: addDays(dayOf(now), 1 - parseInt(period.span, 10)) }
}

export function dayOf(t: Date): string {
  return t.toISOString().slice(0, 10)
}

export function addDays(day: string, n: number): string {
  return dayOf(new Date(Date.parse(day) + n * DAY_MS))
}

/** The query of the page's panels. */
export function pageQuery(filters: Filters, period: Period, now: Date): Record<string, string> {
  return { ...filters, ...bounds(period, now) }
}

/** The query of the verbatims: the drill's filters win over the page's. */
export function drillQuery(filters: Filters, period: Period, drill: Drill, now: Date): Record<string, string> {
  const range = drill.days ? { since: drill.days.from, until: addDays(drill.days.to, 1) } : bounds(period, now)
  return { ...filters, ...drill.filters, ...range }
}
