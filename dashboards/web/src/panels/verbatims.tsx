import { useRef, useState } from 'preact/hooks'
import { Drawer } from '../drawer'
import { Chips, valueName, withField } from '../filterbar'
import { useResource, type Navigate } from '../hooks'
import { CloseIcon } from '../icons'
import { capital, channelName, count, dayName, hourOfWeek, moment, ownHourOfWeek, signed, topicName } from '../model/format'
import { blocks, type Block } from '../model/blocks'
import type { Segment } from '../model/spans'
import { drillQuery, type Drill, type Field, type Filters, type Period, type State } from '../model/state'
import type { FeedbackBody, KPIBody, Verbatim } from '../model/types'
import { Skeleton } from '../panel'

const PAGE = 25
const LONG = 600 // characters shown of a text before it is unfolded

interface Props {
  state: State
  period: Period
  now: Date
  navigate: Navigate
}

/** The panel that every mark leads to: what the customers wrote. */
export function Verbatims({ state, period, now, navigate }: Props) {
  const close = () => navigate((s) => ({ ...s, drill: null }))
  return (
    <Drawer open={state.drill !== null} titleId="drawer-title" close={close}>
      {state.drill && <Content drill={state.drill} state={state} period={period} now={now} navigate={navigate} close={close} />}
    </Drawer>
  )
}

function Content({ drill, state, period, now, navigate, close }: Props & { drill: Drill; close: () => void }) {
  const query = drillQuery(state.filters, period, drill, now)
  const list = useResource<FeedbackBody>('feedback', { ...query, limit: String(PAGE), offset: String(drill.offset) }, 0)
  const kpis = useResource<KPIBody>('kpis', query, 0)
  const top = useRef<HTMLDivElement>(null)
  const change = (next: (d: Drill) => Drill) => navigate((s) => (s.drill ? { ...s, drill: next(s.drill) } : s))
  const add = (filters: Filters) => change((d) => ({ ...d, filters: { ...d.filters, ...filters }, offset: 0 }))
  const turn = (by: number) => {
    change((d) => ({ ...d, offset: Math.max(0, d.offset + by) }))
    top.current?.scrollTo(0, 0)
  }
  const apply = () => navigate((s) => ({ ...s, period: drill.days ?? s.period, filters: { ...s.filters, ...drill.filters }, drill: null }))
  const inherited = Object.fromEntries(Object.entries(state.filters).filter(([k]) => drill.filters[k as Field] === undefined)) as Filters
  const volume = kpis.data?.current.volume
  return (
    <>
      <header class="drawer-head">
        <div>
          <h2 id="drawer-title" tabIndex={-1}>{title(drill, now)}</h2>
          <p class="hint" role="status">{volume === undefined ? ' ' : `${count(volume)} ${volume === 1 ? 'piece' : 'pieces'} of feedback${kpis.data && kpis.data.current.net_sentiment !== null ? ` · net sentiment ${signed(kpis.data.current.net_sentiment)}` : ''}`}</p>
        </div>
        <button class="icon-button" onClick={close} aria-label="Close"><CloseIcon /></button>
      </header>
      <div class="drawer-filters">
        <Chips filters={drill.filters} remove={(f) => change((d) => ({ ...d, filters: withField(d.filters, f, ''), offset: 0 }))} />
        <Chips filters={inherited} remove={(f) => navigate((s) => ({ ...s, filters: withField(s.filters, f, '') }))} />
        {(Object.keys(drill.filters).length > 0 || drill.days) && <button class="link" onClick={apply}>Show the whole page like this</button>}
      </div>
      <div class={`drawer-body ${list.loading && list.data ? 'is-stale' : ''}`} ref={top} tabIndex={-1} aria-busy={list.loading}>
        <Items list={list} add={add} />
      </div>
      {list.data && (list.data.more || drill.offset > 0) && (
        <footer class="drawer-foot">
          <button class="button" disabled={drill.offset === 0} onClick={() => turn(-PAGE)}>Newer</button>
          <span>{count(drill.offset + 1)}–{count(drill.offset + list.data.items.length)}{volume !== undefined && ` of ${count(volume)}`}</span>
          <button class="button" disabled={!list.data.more} onClick={() => turn(PAGE)}>Older</button>
        </footer>
      )}
    </>
  )
}

function title(drill: Drill, now: Date): string {
  const { topic, location, hour_of_week, hour, customer_id, q } = drill.filters
  const parts = [
    topic && topicName(topic), location, hour_of_week && valueName('hour_of_week', hour_of_week), hour && valueName('hour', hour),
    customer_id && `Customer ${customer_id}`, q && `“${q}”`,
    drill.days && (drill.days.from === drill.days.to ? dayName(drill.days.from, now) : `${dayName(drill.days.from, now)} – ${dayName(drill.days.to, now)}`),
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(', ') : 'What customers said'
}

function Items({ list, add }: { list: { data: FeedbackBody | null; error: Error | null }; add: (f: Filters) => void }) {
  if (list.error && !list.data) return <p class="note is-error">{list.error.message}</p>
  if (!list.data) return <Skeleton rows={12} />
  if (list.data.items.length === 0) return <p class="note">Nothing matches. Take a filter off, or choose a longer period.</p>
  return <ol class="verbatims">{list.data.items.map((v) => <Item key={v.event_id} item={v} add={add} />)}</ol>
}

function Item({ item: v, add }: { item: Verbatim; add: (f: Filters) => void }) {
  return (
    <li class="verbatim" data-event={v.event_id}>
      <p class="verbatim-head">
        <span class={`pill is-${v.sentiment}`} title={`Score ${signed(v.score, 2)}`}>{v.sentiment}</span>
        <When item={v} />
        <span class="quiet">{[channelName(v.source), v.platform, v.location, v.product].filter(Boolean).join(' · ')}</span>
        <Answers item={v} />
        {v.contradiction && <button class="tag is-odd" onClick={() => add({ contradiction: 'true' })} title={`The rating says the opposite of the text; together: ${v.joint_sentiment}, ${signed(v.joint_score, 2)}`}>Rating contradicts text</button>}
      </p>
      <Text item={v} />
      <p class="verbatim-foot">
        {distinct(v.topics).map((t) => <button class="tag is-topic" key={t} onClick={() => add({ topic: t })}>{topicName(t)}</button>)}
        {v.contexts.map((c) => <button class="tag" key={c} onClick={() => add({ context: c })}>{topicName(c)}</button>)}
        {v.tags.map((t) => <span class="tag is-plain" key={t}>{t}</span>)}
        {v.intents.map((i) => <span class="tag is-plain" key={i}>{topicName(i)}</span>)}
        {v.customer_id && <button class="link" onClick={() => add({ customer_id: v.customer_id })}>{v.customer_id}</button>}
      </p>
    </li>
  )
}

/** When it was said, by the reader's clock, and by the clock there if that is another. */
export function When({ item: v }: { item: Verbatim }) {
  const there = v.hour_of_week === ownHourOfWeek(v.occurred_at) ? null : hourOfWeek(v.hour_of_week).replace(':00', 'h')
  return <time dateTime={v.occurred_at}>{moment(v.occurred_at)}{there && <span class="quiet" title="Local time where it happened"> ({there} there)</span>}</time>
}

function distinct(items: string[]): string[] {
  return [...new Set(items)]
}

function Answers({ item: v }: { item: Verbatim }) {
  const parts = [
    v.rating !== null && `★ ${v.rating.toFixed(1).replace('.0', '')}`, v.csat !== null && `CSAT ${v.csat}`,
    v.nps !== null && `NPS ${v.nps}`, v.ces !== null && `CES ${v.ces}`,
  ].filter((p): p is string => p !== false)
  return parts.length > 0 ? <span class="answers">{parts.join(' · ')}</span> : null
}

export function Text({ item: v }: { item: Verbatim }) {
  const all = blocks(v)
  if (all.length === 0) return <p class="quiet">No text.</p>
  return <div dir="auto" lang={v.language && v.language !== 'und' ? v.language : undefined}>{all.map((b, i) => <Paragraph key={i} block={b} />)}</div>
}

function Paragraph({ block: b }: { block: Block }) {
  const [unfolded, unfold] = useState(false)
  const long = b.segments.reduce((n, s) => n + s.text.length, 0) > LONG * 1.3
  const parts = (long && !unfolded ? clip(b.segments, LONG) : b.segments).map((s, i) => s.topic
    ? <mark key={i} class={`is-${s.sentiment}`} title={`${topicName(s.topic)}: ${s.sentiment}`}>{s.text}</mark>
    : <span key={i}>{s.text}</span>)
  if (b.kind === 'title') return <h3>{parts}</h3>
  return (
    <blockquote class={b.role === undefined ? '' : `turn ${b.role === 'customer' ? 'is-customer' : ''}`}>
      {b.role !== undefined && <span class="turn-role">{capital(b.role)}</span>}
      {parts}
      {long && <button class="link" onClick={() => unfold(!unfolded)}>{unfolded ? ' Show less' : '… show all'}</button>}
    </blockquote>
  )
}

function clip(parts: Segment[], length: number): Segment[] {
  const out: Segment[] = []
  let left = length
  for (const p of parts) {
    if (left <= 0) break
    out.push(p.text.length <= left ? p : { ...p, text: p.text.slice(0, left) })
    left -= p.text.length
  }
  return out
}
