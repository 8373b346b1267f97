import { useState } from 'preact/hooks'
import type { OpenDrill } from '../app'
import type { Resource } from '../hooks'
import { count, moment } from '../model/format'
import type { Alert, AlertsBody } from '../model/types'
import { Panel } from '../panel'

const SHOWN = 4

const KINDS: Record<string, string> = { crisis: 'Crisis', spike: 'Spike', rising: 'Rising', theme: 'New theme' }

/** What stands out right now. The page only reads; `earshot alerts ack` takes an alert. */
export function Alerts({ alerts, open }: { alerts: Resource<AlertsBody>; open: OpenDrill }) {
  const [all, showAll] = useState(false)
  const { active, alerts: list } = alerts.data ?? { active: 0, alerts: [] }
  const hint = active > 0 ? <b class="is-bad">{count(active)} not over</b> : list.length > 0 && 'Nothing under way'
  return (
    <Panel title="Alerts" class="panel-alerts" resource={alerts} empty={(d) => d.alerts.length === 0} emptyNote="Nothing under way" rows={3} hint={hint}>
      {(d) => (
        <>
          <ol class="cases">{d.alerts.slice(0, all ? undefined : SHOWN).map((a) => <Row key={a.id} item={a} open={open} />)}</ol>
          {d.alerts.length > SHOWN && <button class="link" onClick={() => showAll(!all)}>{all ? 'Show fewer' : `Show all ${d.alerts.length}`}</button>}
        </>
      )}
    </Panel>
  )
}

function Row({ item: a, open }: { item: Alert; open: OpenDrill }) {
  return (
    <li class="alert" data-alert={a.id} data-state={a.state}>
      <p class="case-head">
        <button class="cell-link" onClick={() => open({ filters: drillInto(a) })} title="What was said">{KINDS[a.kind] ?? a.kind}</button>
        <span class={`due ${a.state === 'open' ? 'is-over' : ''}`}>{a.state}</span>
      </p>
      <p class="case-text">{a.sentence}</p>
      <p class="case-foot">
        <span class="quiet">{[moment(a.raised_at), a.ack_by && `taken by ${a.ack_by}${a.ack_note ? `: ${a.ack_note}` : ''}`].filter(Boolean).join(' · ')}</span>
      </p>
    </li>
  )
}

function drillInto(a: Alert): Record<string, string> {
  const filters: Record<string, string> = {}
  if (a.topic && a.kind !== 'theme') Object.assign(filters, { topic: a.topic, topic_sentiment: 'negative' })
  else filters.sentiment = 'negative'
  if (a.location) filters.location = a.location
  if (a.channel) filters.source = a.channel
  return filters
}
