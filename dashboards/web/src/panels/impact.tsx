import { useState } from 'preact/hooks'
import type { OpenDrill } from '../app'
import type { Resource } from '../hooks'
import { count, signed, topicName } from '../model/format'
import type { Impact, ImpactBody } from '../model/types'
import { Panel } from '../panel'

const SHOWN = 6

const KPIS: Record<Impact['kpi'], string> = { nps: 'NPS', csat: 'CSAT', net_sentiment: 'Net' }

/** What the complaints about each topic cost, costliest first. */
export function Impacts({ impacts, open }: { impacts: Resource<ImpactBody>; open: OpenDrill }) {
  const [kpi, choose] = useState<Impact['kpi']>('nps')
  const [all, showAll] = useState(false)
  const tools = (
    <div class="segmented is-small" role="group" aria-label="Figure">
      {(Object.keys(KPIS) as Impact['kpi'][]).map((k) => <button key={k} aria-pressed={kpi === k} onClick={() => choose(k)}>{KPIS[k]}</button>)}
    </div>
  )
  const costly = (d: ImpactBody) => d.impacts.filter((i) => i.kpi === kpi && i.low > 0)
  return (
    <Panel title="What complaints cost" class="panel-impact" resource={impacts} empty={(d) => d.impacts.length === 0} rows={5} tools={tools} hint="Points that would be won without them, with the 95 % interval">
      {(d) => {
        const rows = costly(d)
        if (rows.length === 0) return <p class="note">No topic costs more than chance explains.</p>
        const most = Math.max(...rows.map((i) => i.high))
        return (
          <>
            <ol class="impacts">{rows.slice(0, all ? undefined : SHOWN).map((i) => <Row key={i.topic} impact={i} most={most} open={open} />)}</ol>
            {rows.length > SHOWN && <button class="link" onClick={() => showAll(!all)}>{all ? 'Show fewer' : `Show all ${rows.length}`}</button>}
          </>
        )
      }}
    </Panel>
  )
}

function Row({ impact: i, most, open }: { impact: Impact; most: number; open: OpenDrill }) {
  const at = (points: number) => `${(100 * Math.max(0, points)) / most}%`
  const words = `${topicName(i.topic)}: ${i.points.toFixed(1)} points of ${KPIS[i.kpi]}, 95 % interval ${i.low.toFixed(1)} to ${i.high.toFixed(1)}, from ${count(i.events)} complaints`
  return (
    <li data-impact={i.topic}>
      <button class="cell-link" onClick={() => open({ filters: { topic: i.topic, topic_sentiment: 'negative' } })} title="Read them">{topicName(i.topic)}</button>
      <span class="impact-bar" role="img" aria-label={words} title={words}>
        <i class="lift-fill" style={{ width: at(i.points) }} />
        <i class="lift-range" style={{ left: at(i.low), right: `calc(100% - ${at(i.high)})` }} />
      </span>
      <b aria-hidden="true">{signed(-i.points, 1)}</b>
    </li>
  )
}
