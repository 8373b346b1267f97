import { useMemo, useRef, useState } from 'preact/hooks'
import type { OpenDrill } from '../app'
import type { Navigate, Resource } from '../hooks'
import { ChevronIcon } from '../icons'
import { count, signed, topicName } from '../model/format'
import { intervalText, type TopicShare } from '../model/review'
import { NEXT_TOPIC, type State } from '../model/state'
import { change, net, topicTree, visibleRows, type Change, type Row, type TopicNode, type TopicOrder } from '../model/tree'
import type { TopicTreeBody } from '../model/types'
import { Panel } from '../panel'

const SHOWN = 12 // rows of a folded panel

const ORDERS: Record<TopicOrder, string> = { negative: 'Most complaints', net: 'Worst net', mentions: 'Most mentioned' }

interface Props {
  topics: Resource<TopicTreeBody>
  shares: Resource<{ topics: TopicShare[] }>
  state: State
  navigate: Navigate
  open: OpenDrill
}

/** Topics as a tree. A name filters the page; a bar shows what was said. */
export function Topics({ topics, shares, state, navigate, open }: Props) {
  const [order, setOrder] = useState<TopicOrder>('negative')
  const review = () => navigate((s) => ({ ...s, drill: null, review: s.filters.topic ?? NEXT_TOPIC }))
  const corrected = useMemo(() => new Map(shares.data?.topics.map((t) => [t.topic, t])), [shares.data])
  const tools = (
    <>
      <button class="button" data-open="review" aria-haspopup="dialog" title="Say of some texts whether their topic is right" onClick={review}>Review</button>
      <label class="select">
        <span class="visually-hidden">Order</span>
        <select value={order} onChange={(e) => setOrder(e.currentTarget.value as TopicOrder)}>
          {Object.entries(ORDERS).map(([k, name]) => <option key={k} value={k}>{name}</option>)}
        </select>
      </label>
    </>
  )
  return (
    <Panel title="Topics" class="panel-topics" resource={topics} empty={(d) => !d.topics.some((t) => t.mentions > 0)} rows={8} tools={tools} hint="Mentions; a topic's name filters the page">
      {(d) => <Tree body={d} shares={corrected} order={order} picked={state.filters.topic ?? null} navigate={navigate} open={open} />}
    </Panel>
  )
}

interface TreeProps {
  body: TopicTreeBody
  shares: ReadonlyMap<string, TopicShare>
  order: TopicOrder
  picked: string | null
  navigate: Navigate
  open: OpenDrill
}

/** A treegrid: one row is in the tab order; up and down move, right and left unfold and fold, Enter filters. */
function Tree({ body, shares, order, picked, navigate, open }: TreeProps) {
  const table = useRef<HTMLTableElement>(null)
  const [turned, setTurned] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [all, showAll] = useState(false)
  const [at, setAt] = useState<string | null>(null)
  const tree = useMemo(() => topicTree(body.topics, order, body.since !== null), [body, order])
  // Until somebody turns it, the first branch is unfolded, and what leads to the filter.
  const isOpen = (topic: string) => turned.get(topic) ?? (topic === tree[0]?.topic || (picked ?? '').startsWith(topic + '.'))
  const rows = visibleRows(tree, isOpen)
  const shown = all ? rows : rows.slice(0, Math.max(SHOWN, SHOWN + rows.length - tree.length))
  const most = Math.max(1, ...shown.flatMap(({ node }) => [node.negative, node.positive]))
  const current = shown.some((r) => r.node.topic === at) ? at : (shown[0]?.node.topic ?? null)

  const fold = (topic: string, unfold: boolean) => setTurned((map) => new Map(map).set(topic, unfold))
  const pick = (topic: string) => navigate((s) => {
    const { topic: before, ...filters } = s.filters
    return { ...s, filters: before === topic ? filters : { ...filters, topic } }
  })
  const focus = (topic: string | null | undefined) => {
    if (!topic) return
    setAt(topic)
    table.current?.querySelector<HTMLElement>(`tr[data-topic="${CSS.escape(topic)}"]`)?.focus()
  }
  const key = (e: KeyboardEvent) => {
    const i = shown.findIndex((r) => r.node.topic === current)
    const row = shown[i]
    if (!row || !(e.target instanceof HTMLElement) || e.target.tagName !== 'TR') return
    const step = treeStep(e.key, shown, i, isOpen)
    if (step === null) return
    e.preventDefault()
    if (step.fold !== undefined) fold(row.node.topic, step.fold)
    if (step.pick) pick(row.node.topic)
    focus(step.to)
  }
  return (
    <>
      <table class="topics" role="treegrid" aria-label="Topics" ref={table} onKeyDown={key}>
        <colgroup><col class="col-name" /><col /><col /><col class="col-net" /><col class="col-change" /></colgroup>
        <thead>
          <tr>
            <th scope="col"><span class="visually-hidden">Topic</span></th><th scope="col">negative</th><th scope="col">positive</th>
            <th scope="col" title="Net sentiment: % positive minus % negative of the mentions">net</th>
            <th scope="col" title="Mentions against the period before">change</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <TopicRow key={row.node.topic} row={row} share={shares.get(row.node.topic)} most={most} open={open} unfolded={isOpen(row.node.topic)} picked={picked === row.node.topic}
              current={current === row.node.topic} fold={fold} pick={pick} focused={() => setAt(row.node.topic)} />
          ))}
        </tbody>
      </table>
      {(rows.length > shown.length || all) && rows.length > SHOWN && <button class="link" onClick={() => showAll(!all)}>{all ? 'Show fewer' : `Show all ${rows.length}`}</button>}
    </>
  )
}

interface Step {
  to?: string | null
  fold?: boolean
  pick?: boolean
}

/** What a key does on row i, after the treegrid pattern of the ARIA practices. */
function treeStep(key: string, rows: Row[], i: number, isOpen: (topic: string) => boolean): Step | null {
  const row = rows[i]
  if (!row) return null
  const { node, parent } = row
  const parts = node.children.length > 0
  switch (key) {
    case 'ArrowDown': return { to: rows[i + 1]?.node.topic ?? null }
    case 'ArrowUp': return { to: rows[i - 1]?.node.topic ?? null }
    case 'Home': return { to: rows[0]?.node.topic ?? null }
    case 'End': return { to: rows.at(-1)?.node.topic ?? null }
    case 'ArrowRight': return !parts ? {} : isOpen(node.topic) ? { to: node.children[0]?.topic ?? null } : { fold: true }
    case 'ArrowLeft': return parts && isOpen(node.topic) ? { fold: false } : { to: parent }
    case 'Enter': case ' ': return { pick: true }
    default: return null
  }
}

interface RowProps {
  row: Row
  share: TopicShare | undefined
  most: number
  unfolded: boolean
  picked: boolean
  current: boolean
  open: OpenDrill
  fold: (topic: string, unfold: boolean) => void
  pick: (topic: string) => void
  focused: () => void
}

function TopicRow({ row, share, most, unfolded, picked, current, open, fold, pick, focused }: RowProps) {
  const t = row.node
  const name = topicName(t.topic)
  const parts = t.children.length > 0
  const bar = (kind: 'negative' | 'positive') => (
    <td role="gridcell" class={`topics-bar is-${kind}`}>
      <button tabIndex={-1} onClick={() => open({ filters: { topic: t.topic, topic_sentiment: kind } })} aria-label={`${name}: ${count(t[kind])} ${kind} mentions`} title={`${count(t[kind])} ${kind} mentions: read them`}>
        <span class="bar-value">{count(t[kind])}</span>
        <i class={kind} style={{ width: `${(100 * t[kind]) / most}%` }} />
      </button>
    </td>
  )
  const score = net(t)
  return (
    <tr role="row" data-topic={t.topic} class={picked ? 'is-picked' : ''} tabIndex={current ? 0 : -1} onFocus={focused} aria-level={row.level} aria-posinset={row.place} aria-setsize={row.of}
      {...(parts ? { 'aria-expanded': unfolded } : {})} aria-selected={picked}>
      <th scope="row" role="rowheader">
        <span class="topics-name" style={{ '--level': row.level - 1 }}>
          {parts ? <button class="twist" tabIndex={-1} aria-label={`${unfolded ? 'Fold' : 'Unfold'} ${name}`} onClick={() => fold(t.topic, !unfolded)}><ChevronIcon /></button> : <i class="twist" />}
          <button class="cell-link" tabIndex={-1} onClick={() => pick(t.topic)} title={`${name}: ${count(t.mentions)} mentions. ${picked ? 'Take the filter off' : 'Filter the page'}`}>{topicName(t.label)}</button>
        </span>
        {share?.corrected && <small class="topics-share" style={{ '--level': row.level - 1 }} title={`Share of texts by people's answers, with its 95 % interval; tagged ${(100 * share.tagged).toFixed(1)}%`}>{intervalText(share.corrected)} of texts</small>}
      </th>
      {bar('negative')}
      {bar('positive')}
      <td role="gridcell" class="topics-net"><NetMove node={t} /><span class={score !== null && score < 0 ? 'is-bad' : ''}>{score === null ? '–' : signed(score)}</span></td>
      <td role="gridcell" class="topics-change"><ChangeCell node={t} /></td>
    </tr>
  )
}

const WORTH = 20 // mentions of the period before without which a change is not told
const MOVED = 3 // points of net sentiment worth an arrow

/** The change against the period before, null where there was too little to compare with. */
function told(node: TopicNode): Change | null {
  return (node.previous?.mentions ?? 0) < WORTH ? null : change(node)
}

/** An arrow where net sentiment moved. */
function NetMove({ node }: { node: TopicNode }) {
  const by = told(node)?.net ?? 0
  if (Math.abs(by) < MOVED) return null
  const words = `Net sentiment ${signed(by)} points against the period before`
  return <span class={`change ${by > 0 ? 'is-better' : 'is-worse'}`} title={words}><span aria-hidden="true">{by > 0 ? '▲' : '▼'}</span><span class="visually-hidden">{words}. </span></span>
}

function ChangeCell({ node }: { node: TopicNode }) {
  const by = told(node)?.mentions ?? null
  const then = node.previous ? `${count(node.previous.mentions)} mentions in the period before` : 'No period before to compare with'
  return <span class={by === null ? 'quiet' : ''} title={by === null ? (node.previous ? `${then}: too few to compare` : then) : `${count(node.mentions)} mentions, ${then}`}>{by === null ? '–' : `${signed(100 * by)}%`}</span>
}
