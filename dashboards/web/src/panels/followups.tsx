import { useState } from 'preact/hooks'
import { url } from '../api'
import type { OpenDrill } from '../app'
import type { Resource } from '../hooks'
import { DownloadIcon } from '../icons'
import { channelName, count, due, moment } from '../model/format'
import type { Case, CasesBody } from '../model/types'
import { Panel } from '../panel'

const SHOWN = 5

export function FollowUps({ cases, query, now, open }: { cases: Resource<CasesBody>; query: Record<string, string>; now: Date; open: OpenDrill }) {
  const [all, showAll] = useState(false)
  const tools = <a class="button" href={url('followups.csv', query)} download><DownloadIcon /> CSV</a>
  const hint = cases.data ? <><b>{count(cases.data.total)}</b> waiting{cases.data.overdue > 0 && <>, <b class="is-bad">{count(cases.data.overdue)} overdue</b></>}</> : 'Who needs an answer first'
  return (
    <Panel title="Follow up" class="panel-cases" resource={cases} empty={(d) => d.cases.length === 0} rows={6} tools={tools} hint={hint}>
      {(d) => (
        <>
          <ol class="cases">{d.cases.slice(0, all ? undefined : SHOWN).map((c) => <Row key={c.event_id} item={c} now={now} open={open} />)}</ol>
          {d.anonymous > 0 && <p class="hint">{count(d.anonymous)} anonymous complaints cannot be answered and are left out.</p>}
          {d.cases.length > SHOWN && <button class="link" onClick={() => showAll(!all)}>{all ? 'Show fewer' : `Show ${d.cases.length < d.total ? `the first ${d.cases.length}` : `all ${d.total}`}`}</button>}
        </>
      )}
    </Panel>
  )
}

function Row({ item: c, now, open }: { item: Case; now: Date; open: OpenDrill }) {
  const who = c.name || c.customer_id
  const history = c.customer_id ? () => open({ filters: { customer_id: c.customer_id } }) : null
  return (
    <li class="case" data-case={c.event_id}>
      <span class="priority" style={{ '--p': `${c.priority}%` }} title={`Priority ${Math.round(c.priority)} of 100`}>
        <span class="visually-hidden">Priority </span>{Math.round(c.priority)}
      </span>
      <div class="case-body">
        <p class="case-head">
          {history ? <button class="cell-link" onClick={history} title="Everything from this customer">{who}</button> : <b>{who || 'Anonymous'}</b>}
          <span class={`due ${c.overdue ? 'is-over' : ''}`} title={moment(c.due_at)}>{due(c.due_at, now)}</span>
        </p>
        <p class="case-text" title={c.text}>{c.text || 'No text'}</p>
        <p class="case-foot">
          {c.reasons.slice(0, 3).map((r) => <span class="tag" key={r}>{r}</span>)}
          <span class="quiet">{[channelName(c.source), c.location, moment(c.occurred_at)].filter(Boolean).join(' · ')}</span>
          <Contact item={c} />
        </p>
      </div>
    </li>
  )
}

function Contact({ item: c }: { item: Case }) {
  if (!c.email && !c.phone) return <span class="quiet">no contact data</span>
  return (
    <span class="contact">
      {c.email && <a href={`mailto:${encodeURIComponent(c.email).replace('%40', '@')}`}>{c.email}</a>}
      {c.phone && <a href={`tel:${c.phone.replace(/[^+\d]/g, '')}`}>{c.phone}</a>}
    </span>
  )
}
