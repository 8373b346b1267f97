import { useRef, useState } from 'preact/hooks'
import type { OpenDrill } from '../app'
import type { Navigate, Resource } from '../hooks'
import { count, topicName } from '../model/format'
import type { HotCell, HotspotsBody } from '../model/types'
import { Panel } from '../panel'

interface Props {
  spots: Resource<HotspotsBody>
  navigate: Navigate
  open: OpenDrill
}

/** Topics by hour of the day: how many complain in each hundred that write then. */
export function Hotspots({ spots, navigate, open }: Props) {
  return (
    <Panel title="Topics by hour" class="panel-hot" resource={spots} empty={(d) => d.topics.length === 0} rows={8} hint="Complaints per 100 pieces of feedback of that local hour">
      {(d) => <Grid body={d} navigate={navigate} open={open} />}
    </Panel>
  )
}

const FEW = 20 // a rate of fewer than this many says nothing

function rate(c: HotCell): number {
  return c.traffic < FEW ? 0 : (100 * c.complaints) / c.traffic
}

/** One cell is in the tab order; the arrow keys move. */
function Grid({ body, navigate, open }: { body: HotspotsBody; navigate: Navigate; open: OpenDrill }) {
  const table = useRef<HTMLTableElement>(null)
  const [at, setAt] = useState<[number, number]>([0, 12])
  const most = Math.max(0.1, ...body.topics.flatMap((t) => t.cells.map(rate)))
  const marked = body.topics.some((t) => t.cells.some((c) => c.hot))
  const row = Math.min(at[0], body.topics.length - 1)
  const move = (e: KeyboardEvent) => {
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[e.key]
    if (!by || !(e.target instanceof HTMLElement) || e.target.dataset['spot'] === undefined) return
    e.preventDefault()
    const next: [number, number] = [clamp(row + (by[0] ?? 0), body.topics.length - 1), clamp(at[1] + (by[1] ?? 0), 23)]
    setAt(next)
    table.current?.querySelector<HTMLElement>(`[data-spot="${next[0]}.${next[1]}"]`)?.focus()
  }
  return (
    <table class="heat is-topics" ref={table} role="grid" aria-label="Complaints by topic and hour of the day" onKeyDown={move}>
      <thead>
        <tr><td />{Array.from({ length: 24 }, (_, h) => <th key={h} scope="col" class={h % 3 ? 'is-minor' : ''}><span>{h}</span></th>)}</tr>
      </thead>
      <tbody>
        {body.topics.map((t, i) => (
          <tr key={t.topic} data-spots={t.topic}>
            <th scope="row"><button class="cell-link" title={`${topicName(t.topic)}: show its week above`} onClick={() => navigate((s) => ({ ...s, heat: t.topic }))}>{topicName(t.topic)}</button></th>
            {t.cells.map((c) => (
              <td key={c.hour}>
                <button data-spot={`${i}.${c.hour}`} tabIndex={i === row && c.hour === at[1] ? 0 : -1} style={{ '--v': `${Math.round((100 * rate(c)) / most)}%` }} class={c.hot ? 'is-hot' : ''}
                  onFocus={() => setAt([i, c.hour])} onClick={() => open({ filters: { topic: t.topic, topic_sentiment: 'negative', hour: String(c.hour) } })} title={describe(t.topic, c)} aria-label={describe(t.topic, c)} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <HeatLegend most={`${most.toFixed(1)} per 100`} marked={marked} />
    </table>
  )
}

function clamp(x: number, most: number): number {
  return Math.min(most, Math.max(0, x))
}

function describe(topic: string, c: HotCell): string {
  return `${topicName(topic)}, ${c.hour}–${c.hour + 1} h: ${count(c.complaints)} complaints in ${count(c.traffic)} pieces of feedback${judgement(c)}`
}

/** What the test says of a cell, in words. */
export function judgement(c: HotCell): string {
  if (!c.hot) return ''
  return `; more than traffic explains (${c.expected.toFixed(1)} expected, false discovery rate ${c.q < 0.001 ? 'below 0.1' : (100 * c.q).toFixed(1)} %)`
}

/** The colours, and what an outline means; marked null: nothing was judged. */
export function HeatLegend({ most, marked }: { most: string; marked: boolean | null }) {
  return (
    <caption>
      <span>0</span><i class="ramp" aria-hidden="true" /><span>{most}</span>
      {marked !== null && (
        <span class="heat-mark">
          {marked && <i class="hot-sample" aria-hidden="true" />}
          {marked ? 'more than traffic explains' : 'no hour has more than traffic explains'}
        </span>
      )}
    </caption>
  )
}
