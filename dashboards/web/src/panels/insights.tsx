import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { useResource, useTicks, type Resource } from '../hooks'
import { CopyIcon } from '../icons'
import { channelName, count, dayName } from '../model/format'
import { costText, liftMarks, liftPlace, liftScale, liftText, ofTotal, subjectOf, whereOf } from '../model/insights'
import type { FeedbackBody, Finding, InsightsBody, Verbatim } from '../model/types'
import { Skeleton } from '../panel'
import { Text, When } from './verbatims'

const SHOWN = 3 // cards before "show all"
const POLL_MS = 1500
const COMMENTS = 4 // and as many more with each click

interface Props {
  query: Record<string, string> | null // null: the period is not known yet
  news: number
  now: Date
}

/** What stands out, unasked: one card for each finding, strongest first. */
export function Insights({ query, news, now }: Props) {
  const [all, showAll] = useState(false)
  const [waiting, wait] = useState(true)
  const ticks = useTicks(waiting, POLL_MS)
  const answer = useResource<InsightsBody>(query ? 'insights' : null, query ?? {}, news + ticks)
  const body = answer.data
  useEffect(() => wait(body === null ? answer.error === null : body.state === 'computing' || body.refreshing), [body, answer.error])
  const id = useId()
  const found = body?.findings ?? []
  const scale = liftScale(found)
  return (
    <section class="panel panel-insights" aria-labelledby={id} aria-busy={answer.loading || body?.state === 'computing'}>
      <header class="panel-head">
        <div>
          <h2 id={id}>What stands out</h2>
          <p class="hint">{hint(body, query, now)}</p>
        </div>
        {found.length > SHOWN && <button class="button" aria-expanded={all} onClick={() => showAll(!all)}>{all ? 'Show fewer' : `Show all ${found.length}`}</button>}
      </header>
      <State answer={answer} />
      {found.length > 0 && (
        <ol class={`insights ${answer.loading ? 'is-stale' : ''}`}>
          {found.slice(0, all ? undefined : SHOWN).map((f) => <Card key={f.id} finding={f} scale={scale} query={query ?? {}} now={now} />)}
        </ol>
      )}
    </section>
  )
}

function hint(body: InsightsBody | null, query: Record<string, string> | null, now: Date): string {
  const what = 'Where and when customers complain more than traffic explains'
  if (body?.state !== 'ready') return what
  const since = query?.['since'] ? ` since ${dayName(query['since'], now)}` : ''
  const age = body.age_seconds < 90 ? 'just now' : `${Math.round(body.age_seconds / 60)} min ago`
  return `${what}: ${count(body.seen)} pieces of feedback${since}, looked at ${age}`
}

/** Everything but cards: computing, failed, nothing found. */
function State({ answer }: { answer: Resource<InsightsBody> }) {
  const body = answer.data
  if (body === null && answer.error) return <p class="note is-error" role="status">{answer.error.message}</p>
  if (body === null || body.state === 'computing') {
    return <div class="insights-wait"><Skeleton rows={2} /><p class="hint" role="status">Looking at every topic, place and hour…</p></div>
  }
  if (body.state === 'failed') return <p class="note is-error" role="status">{body.message}</p>
  if (body.findings.length > 0) return null
  return <p class="note">{body.seen === 0 ? 'Nothing to look at yet.' : 'Nothing stands out: complaints are where the traffic is.'}</p>
}

type Part = 'comments' | 'sql' | 'change'

const PARTS: Record<Part, string> = { comments: 'Comments', change: 'What would change this', sql: 'SQL' }

function Card({ finding: f, scale, query, now }: { finding: Finding; scale: number; query: Record<string, string>; now: Date }) {
  const [part, show] = useState<Part | null>(null)
  const id = useId()
  return (
    <li class="insight" data-finding={f.id} data-open={part ?? undefined}>
      <h3>{subjectOf(f)}</h3>
      <p class="insight-where">{whereOf(f)}</p>
      <Lift finding={f} scale={scale} />
      <p class="insight-text">{f.sentence}</p>
      <dl class="insight-facts">
        <div><dt>Complaints</dt><dd>{count(f.count)} <span class="quiet">of {count(f.exposure)}</span></dd></div>
        <div><dt>Since</dt><dd>{f.since ? dayName(f.since, now) : <span class="quiet" title="No change within the time looked at">always</span>}</dd></div>
        <div><dt>NPS</dt><dd>{f.nps_points === null || Math.abs(f.nps_points) < 0.05 ? <span class="quiet" title="Too few answers, or less than 0.05 points">–</span> : <span class={f.nps_points > 0 ? 'is-bad' : ''} title="Points that these complaints cost the whole selection">{costText(f.nps_points)}</span>}</dd></div>
      </dl>
      <p class="insight-tools">
        {(Object.keys(PARTS) as Part[]).map((p) => (
          <button key={p} class="link" data-part={p} aria-expanded={part === p} aria-controls={id} onClick={() => show(part === p ? null : p)}>{PARTS[p]}</button>
        ))}
      </p>
      <div id={id} class="insight-more" hidden={part === null}>
        {part === 'comments' && <Comments finding={f} query={query} />}
        {part === 'sql' && <Sql text={f.sql} />}
        {part === 'change' && <ul class="insight-change">{f.evidence.sentences.map((s) => <li key={s}>{s}</li>)}</ul>}
      </div>
    </li>
  )
}

/** The lift with its interval on a logarithmic bar from "usual" on. */
function Lift({ finding: f, scale }: { finding: Finding; scale: number }) {
  const at = (lift: number) => `${100 * liftPlace(lift, scale)}%`
  const words = `${liftText(f.lift)} the usual rate, 95 % interval ${liftText(f.lift_low)} to ${liftText(f.lift_high)}`
  return (
    <div class="lift" role="img" aria-label={words} title={words}>
      <b>{liftText(f.lift)}</b>
      <span class="lift-bar">
        <i class="lift-fill" style={{ width: at(f.lift) }} />
        <i class="lift-range" style={{ left: at(f.lift_low), right: `calc(100% - ${at(f.lift_high)})` }} />
        {liftMarks(scale).map((m) => <i key={m} class="lift-mark" style={{ left: at(m) }}><span>{m === 1 ? 'usual' : `${m}×`}</span></i>)}
      </span>
    </div>
  )
}

/** The complaints behind a finding, newest first, the words marked that made them count. */
function Comments({ finding: f, query }: { finding: Finding; query: Record<string, string> }) {
  const [limit, setLimit] = useState(COMMENTS)
  const { topic: _t, ...rest } = query
  const list = useResource<FeedbackBody>('insights/verbatims', { ...rest, id: f.id, limit: String(limit) }, 0)
  if (list.data === null) return list.error ? <p class="note is-error" role="status">{list.error.message}</p> : <Skeleton rows={5} />
  const { items, more } = list.data
  if (items.length === 0) return <p class="note">They are no longer stored.</p>
  return (
    <>
      <ol class="insight-comments">
        {items.map((v) => (
          <li key={v.event_id} class="verbatim" data-event={v.event_id}>
            <p class="verbatim-head"><When item={v} /><span class="quiet">{[channelName(v.source), v.location, v.product].filter(Boolean).join(' · ')}</span></p>
            <Text item={onlyComplaints(v, f.topic)} />
          </li>
        ))}
      </ol>
      <p class="insight-count"><span class="quiet">{ofTotal(items.length, Math.max(f.count, items.length))}, newest first</span>{more && <button class="link" onClick={() => setLimit(Math.min(500, limit + 4 * COMMENTS))}>Show more</button>}</p>
    </>
  )
}

/** A verbatim with the mentions of one topic's complaints alone. */
function onlyComplaints(v: Verbatim, topic: string): Verbatim {
  const keep = v.topics.map((t, i) => t === topic && v.topic_sentiments[i] === 'negative')
  const pick = <T,>(list: T[]) => list.filter((_, i) => keep[i])
  return { ...v, topics: pick(v.topics), topic_sentiments: pick(v.topic_sentiments), topic_scores: pick(v.topic_scores), topic_starts: pick(v.topic_starts), topic_ends: pick(v.topic_ends) }
}

/** The query behind the numbers, to be copied. */
function Sql({ text }: { text: string }) {
  const code = useRef<HTMLElement>(null)
  const [said, say] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      say('Copied')
    } catch { // no clipboard without HTTPS: mark it, so that Ctrl-C does
      if (code.current) getSelection()?.selectAllChildren(code.current)
      say('Marked: copy it with Ctrl-C')
    }
  }
  return (
    <div class="insight-sql">
      <pre tabIndex={0} aria-label="SQL of this finding"><code ref={code}>{text.trim()}</code></pre>
      <p class="row"><button class="button" onClick={copy}><CopyIcon /> Copy</button><span class="hint" role="status">{said || 'ClickHouse runs it as it is; what came in since counts, too'}</span></p>
    </div>
  )
}
