import { useState } from 'preact/hooks'
import type { Navigate } from './hooks'
import { CloseIcon, FilterIcon } from './icons'
import { capital, channelName, hourOfWeek, topicName } from './model/format'
import { addDays, bounds, dayOf, isDay, SPANS, type Field, type Filters, type Period, type Span, type State } from './model/state'
import type { Choices } from './model/types'

const SPAN_NAMES: Record<Span, string> = { '7d': '7 days', '30d': '30 days', '90d': '90 days', '365d': '1 year', all: 'All' }

const FIELD_NAMES: Record<Field, string> = {
  source: 'Channel', platform: 'Platform', location: 'Location', product: 'Product', team: 'Team', agent: 'Agent',
  segment: 'Segment', topic: 'Topic', topic_sentiment: 'Mention', context: 'Context', sentiment: 'Sentiment', language: 'Language',
  customer_id: 'Customer', q: 'Text', hour_of_week: 'Hour', contradiction: 'Rating', hour: 'Hour of day',
}

interface Props {
  state: State
  navigate: Navigate
  choices: Choices | null
  period: Period
  now: Date
}

export function FilterBar(p: Props) {
  const [unfolded, unfold] = useState(false)
  const c = p.choices
  const set = (field: Field) => (value: string) => p.navigate((s) => ({ ...s, filters: withField(s.filters, field, value) }))
  const pick = (field: Field, options: string[] | undefined, name?: (v: string) => string) => (
    <Select field={field} value={p.state.filters[field] ?? ''} options={options ?? []} name={name} onPick={set(field)} />
  )
  return (
    <nav class="filters" aria-label="Period and filters">
      <div class="filters-row">
        <Periods {...p} />
        <button class="button filters-toggle" aria-expanded={unfolded} onClick={() => unfold(!unfolded)}><FilterIcon /> Filters</button>
        <div class={`selects ${unfolded ? 'is-open' : ''}`}>
          {pick('source', c?.sources, channelName)}
          {pick('location', c?.locations)}
          {pick('topic', c?.topics, topicName)}
          {pick('product', c?.products)}
          {pick('platform', c?.platforms, capital)}
          {pick('context', c?.contexts, topicName)}
          {pick('sentiment', ['negative', 'neutral', 'positive'], capital)}
        </div>
      </div>
      <Chips filters={p.state.filters} remove={(f) => set(f)('')} clear={() => p.navigate((s) => ({ ...s, filters: {} }))} />
    </nav>
  )
}

export function withField(filters: Filters, field: Field, value: string): Filters {
  const next = { ...filters }
  if (value) next[field] = value
  else delete next[field]
  return next
}

interface SelectProps {
  field: Field
  value: string
  options: string[]
  name: ((v: string) => string) | undefined
  onPick: (value: string) => void
}

function Select({ field, value, options, name, onPick }: SelectProps) {
  if (options.length === 0 && !value) return null
  const all = value && !options.includes(value) ? [value, ...options] : options
  return (
    <label class={`select ${value ? 'is-set' : ''}`}>
      <span class="visually-hidden">{FIELD_NAMES[field]}</span>
      <select value={value} onChange={(e) => onPick(e.currentTarget.value)} data-field={field}>
        <option value="">{FIELD_NAMES[field]}</option>
        {all.map((o) => <option key={o} value={o}>{name ? name(o) : o}</option>)}
      </select>
    </label>
  )
}

function Periods({ period, navigate, now }: Props) {
  const custom = 'from' in period
  const [editing, edit] = useState(false)
  const range = custom ? period : { from: bounds(period, now).since ?? addDays(dayOf(now), -29), to: dayOf(now) }
  const change = (part: { from?: string; to?: string }) => {
    const next = { ...range, ...part }
    if (isDay(next.from) && isDay(next.to) && next.from <= next.to) navigate((s) => ({ ...s, period: next }))
  }
  return (
    <div class="periods">
      <div class="segmented" role="group" aria-label="Period">
        {SPANS.map((span) => (
          <button key={span} aria-pressed={!custom && period.span === span} onClick={() => { edit(false); navigate((s) => ({ ...s, period: { span } })) }}>{SPAN_NAMES[span]}</button>
        ))}
        <button aria-pressed={custom} aria-expanded={custom || editing} onClick={() => edit(!editing)}>Dates</button>
      </div>
      {(custom || editing) && (
        <span class="dates">
          <input type="date" aria-label="From" value={range.from} max={range.to} onChange={(e) => change({ from: e.currentTarget.value })} />
          <span aria-hidden="true">–</span>
          <input type="date" aria-label="To, included" value={range.to} min={range.from} onChange={(e) => change({ to: e.currentTarget.value })} />
        </span>
      )}
    </div>
  )
}

/** The filters in force; each can be taken off. */
export function Chips({ filters, remove, clear }: { filters: Filters; remove: (f: Field) => void; clear?: () => void }) {
  const set = Object.entries(filters) as [Field, string][]
  if (set.length === 0) return null
  return (
    <ul class="chips" aria-label="Filters in force">
      {set.map(([field, value]) => (
        <li key={field}>
          <button class="chip" onClick={() => remove(field)} aria-label={`Remove the filter ${FIELD_NAMES[field]}: ${valueName(field, value)}`}>
            <span class="chip-field">{FIELD_NAMES[field]}</span> {valueName(field, value)} <CloseIcon />
          </button>
        </li>
      ))}
      {clear && set.length > 1 && <li><button class="link" onClick={clear}>Clear all</button></li>}
    </ul>
  )
}

export function valueName(field: Field, value: string): string {
  switch (field) {
    case 'source': return channelName(value)
    case 'topic': case 'context': return topicName(value)
    case 'sentiment': case 'topic_sentiment': return capital(value)
    case 'hour_of_week': return hourOfWeek(Number(value))
    case 'hour': return `${value}–${Number(value) + 1} h`
    case 'q': return `“${value}”`
    case 'contradiction': return 'contradicts the text'
    default: return value
  }
}
