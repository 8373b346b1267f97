import { useRef, useState } from 'preact/hooks'
import type { OpenDrill } from '../app'
import { useResource, type Navigate, type Resource } from '../hooks'
import { count, hourOfWeek, topicName, weekday } from '../model/format'
import type { Measure, State } from '../model/state'
import type { HeatCell, HourStat, TopicStat } from '../model/types'
import { Panel } from '../panel'

const EVERYTHING = '*' // all feedback, whatever the topic
const FEW = 5 // a share of fewer than this many says nothing

interface Props {
  query: Record<string, string>
  topics: Resource<{ topics: TopicStat[] }>
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
  const heat = useResource<{ cells: HeatCell[] }>(one && topics.data ? 'heatmap' : null, { ...query, topic }, news)
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
  const hint = state.measure === 'count' ? 'Negative mentions by local hour of the week' : 'Negative mentions per 100 pieces of feedback of that hour'
  return (
    <Panel<unknown> title="When it happens" class="panel-heat" resource={resource as Resource<unknown>} empty={() => false} rows={7} tools={tools} hint={hint}>
      {() => <Grid cells={cellsOf(one ? topic : null, heat.data?.cells ?? [], hours.data?.hours ?? [])} topic={one ? topic : null} measure={state.measure} open={open} />}
    </Panel>
  )
}

interface Cell {
  negative: number
  volume: number // all feedback of the hour
}

function cellsOf(topic: string | null, cells: HeatCell[], hours: HourStat[]): Cell[] {
  const out = Array.from({ length: 168 }, () => ({ negative: 0, volume: 0 }))
  for (const h of hours) out[h.hour_of_week] = { negative: topic === null ? h.negative : 0, volume: h.volume }
  for (const c of cells) {
    const cell = out[c.hour_of_week]
    if (c.topic === topic && cell) cell.negative += c.negative
  }
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
                  <button data-hour={hour} tabIndex={hour === at ? 0 : -1} style={{ '--v': `${Math.round((100 * v) / most)}%` }} data-level={v === 0 ? 'none' : 'some'} onClick={() => see(hour)} title={describe(hour, c)} aria-label={describe(hour, c)} />
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
      <caption>
        <span>0</span><i class="ramp" aria-hidden="true" /><span>{measure === 'count' ? count(most) : `${most.toFixed(1)} per 100`}</span>
      </caption>
    </table>
  )
}

function describe(hour: number, c: Cell): string {
  const rate = c.volume >= FEW ? `, ${((100 * c.negative) / c.volume).toFixed(1)} per 100` : ''
  return `${hourOfWeek(hour)}: ${count(c.negative)} complaints in ${count(c.volume)} pieces of feedback${rate}`
}

function neighbour(at: number, key: string): number | null {
  const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24 }
  const by = moves[key]
  if (by === undefined) return null
  const next = at + by
  return next < 0 || next > 167 ? at : next
}
