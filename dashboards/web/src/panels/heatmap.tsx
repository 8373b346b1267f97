import { useRef, useState } from 'preact/hooks'
import type { OpenDrill } from '../app'
import { useResource, type Navigate, type Resource } from '../hooks'
import { count, hourOfWeek, topicName, weekday } from '../model/format'
import type { Measure, State } from '../model/state'
import type { HotCell, HotspotsBody, HourStat, TopicTreeBody } from '../model/types'
import { Panel } from '../panel'
import { HeatLegend, judgement } from './hotspots'

const EVERYTHING = '*' // all feedback, whatever the topic
const FEW = 5 // a share of fewer than this many says nothing

interface Props {
  query: Record<string, string>
  topics: Resource<TopicTreeBody>
  hours: Resource<{ hours: HourStat[] }>
  news: number
  state: State
  navigate: Navigate
  open: OpenDrill
}

export function Heatmap({ query, topics, hours, news, state, navigate, open }: Props) {
  const ranked = [...(topics.data?.topics ?? [])].sort((a, b) => b.negative - a.negative)
  const topic = state.heat ?? query['topic'] ?? ranked[0]?.topic ?? EVERYTHING
  const one = topic !== EVERYTHING
  const heat = useResource<HotspotsBody>(one && topics.data ? 'hotspots' : null, { ...query, topic, view: 'week' }, news)
  const names = ranked.map((t) => t.topic)
  const tools = (
    <>
      <label class="select">
        <span class="visually-hidden">Topic</span>
        <select value={topic} data-select="heat" onChange={(e) => { const heat = e.currentTarget.value; navigate((s) => ({ ...s, heat })) }}>
          {one && !names.includes(topic) && <option value={topic}>{topicName(topic)}</option>}
          {names.map((t) => <option key={t} value={t}>{topicName(t)}</option>)}
          <option value={EVERYTHING}>All feedback</option>
        </select>
      </label>
      <div class="segmented is-small" role="group" aria-label="Measure">
        {(['count', 'rate'] as Measure[]).map((m) => (
          <button key={m} aria-pressed={state.measure === m} onClick={() => navigate((s) => ({ ...s, measure: m }), { replace: true })}>{m === 'count' ? 'Complaints' : 'Per 100'}</button>
        ))}
      </div>
    </>
  )
  const resource = one ? heat : (hours as Resource<unknown>)
  const hint = state.measure === 'count' ? 'Complaints by local hour of the week' : 'Complaints per 100 pieces of feedback of that hour'
  return (
    <Panel<unknown> title="When it happens" class="panel-heat" resource={resource as Resource<unknown>} empty={() => false} rows={7} tools={tools} hint={hint}>
      {() => <Grid cells={cellsOf(one ? (heat.data?.topics[0]?.cells ?? []) : null, hours.data?.hours ?? [])} topic={one ? topic : null} measure={state.measure} open={open} />}
    </Panel>
  )
}

interface Cell {
  negative: number
  volume: number // all feedback of the hour
  spot?: HotCell // judged against the traffic, of a topic only
}

function cellsOf(spots: HotCell[] | null, hours: HourStat[]): Cell[] {
  const out: Cell[] = Array.from({ length: 168 }, () => ({ negative: 0, volume: 0 }))
  for (const h of hours) out[h.hour_of_week] = { negative: spots === null ? h.negative : 0, volume: h.volume }
  for (const spot of spots ?? []) out[spot.hour] = { negative: spot.complaints, volume: spot.traffic, spot }
  return out
}

function value(c: Cell, measure: Measure): number {
  if (measure === 'count') return c.negative
  return c.volume < FEW ? 0 : (100 * c.negative) / c.volume
}

/** Seven days by 24 hours; one cell is in the tab order, the arrow keys move. */
function Grid({ cells, topic, measure, open }: { cells: Cell[]; topic: string | null; measure: Measure; open: OpenDrill }) {
  const table = useRef<HTMLTableElement>(null)
  const [at, setAt] = useState(18)
  const most = Math.max(...cells.map((c) => value(c, measure)), measure === 'count' ? 1 : 0.1)
  const move = (e: KeyboardEvent) => {
    const from = e.target instanceof HTMLElement ? Number(e.target.dataset['hour'] ?? at) : at
    const next = neighbour(from, e.key)
    if (next === null) return
    e.preventDefault()
    setAt(next)
    table.current?.querySelector<HTMLButtonElement>(`[data-hour="${next}"]`)?.focus()
  }
  const see = (hour: number) => {
    setAt(hour)
    open({ filters: { hour_of_week: String(hour), ...(topic ? { topic, topic_sentiment: 'negative' } : { sentiment: 'negative' }) } })
  }
  return (
    <table class="heat" ref={table} role="grid" aria-label={`Complaints${topic ? ` about ${topicName(topic)}` : ''} by hour of the week`} onKeyDown={move}>
      <thead>
        <tr><td />{Array.from({ length: 24 }, (_, h) => <th key={h} scope="col" class={h % 3 ? 'is-minor' : ''}><span>{h}</span></th>)}</tr>
      </thead>
      <tbody>
        {Array.from({ length: 7 }, (_, d) => (
          <tr key={d}>
            <th scope="row">{weekday(d)}</th>
            {cells.slice(d * 24, d * 24 + 24).map((c, h) => {
              const hour = d * 24 + h
              const v = value(c, measure)
              return (
                <td key={hour}>
                  <button data-hour={hour} tabIndex={hour === at ? 0 : -1} style={{ '--v': `${Math.round((100 * v) / most)}%` }} class={c.spot?.hot ? 'is-hot' : ''} onClick={() => see(hour)} title={describe(hour, c)} aria-label={describe(hour, c)} />
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
      <HeatLegend most={measure === 'count' ? count(most) : `${most.toFixed(1)} per 100`} marked={topic === null ? null : cells.some((c) => c.spot?.hot)} />
    </table>
  )
}

function describe(hour: number, c: Cell): string {
  const rate = c.volume >= FEW ? `, ${((100 * c.negative) / c.volume).toFixed(1)} per 100` : ''
  return `${hourOfWeek(hour)}: ${count(c.negative)} complaints in ${count(c.volume)} pieces of feedback${rate}${c.spot ? judgement(c.spot) : ''}`
}

function neighbour(at: number, key: string): number | null {
  const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24 }
  const by = moves[key]
  if (by === undefined) return null
  const next = at + by
  return next < 0 || next > 167 ? at : next
}
