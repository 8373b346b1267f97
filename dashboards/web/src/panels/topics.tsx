import { useState } from 'preact/hooks'
import type { OpenDrill } from '../app'
import type { Resource } from '../hooks'
import { count, percent, share, topicName } from '../model/format'
import type { TopicStat } from '../model/types'
import { Panel } from '../panel'

const SHOWN = 10

type Order = 'negative' | 'mentions' | 'share'

const ORDERS: Record<Order, string> = { negative: 'Most complaints', share: 'Worst share', mentions: 'Most mentioned' }

export function Topics({ topics, open }: { topics: Resource<{ topics: TopicStat[] }>; open: OpenDrill }) {
  const [order, setOrder] = useState<Order>('negative')
  const [all, showAll] = useState(false)
  const tools = (
    <label class="select">
      <span class="visually-hidden">Order</span>
      <select value={order} onChange={(e) => setOrder(e.currentTarget.value as Order)}>
        {Object.entries(ORDERS).map(([k, name]) => <option key={k} value={k}>{name}</option>)}
      </select>
    </label>
  )
  return (
    <Panel title="Topics" class="panel-topics" resource={topics} empty={(d) => d.topics.length === 0} rows={8} tools={tools} hint="Mentions by how they were meant">
      {(d) => {
        const sorted = [...d.topics].sort(by(order))
        const most = Math.max(1, ...d.topics.flatMap((t) => [t.negative, t.positive]))
        return (
          <>
            <table class="topics">
              <colgroup><col class="col-name" /><col /><col /><col class="col-share" /></colgroup>
              <thead><tr><th scope="col"><span class="visually-hidden">Topic</span></th><th scope="col">negative</th><th scope="col">positive</th><th scope="col" title="Share of mentions that are negative">share</th></tr></thead>
              <tbody>{sorted.slice(0, all ? undefined : SHOWN).map((t) => <Row key={t.topic} topic={t} most={most} open={open} />)}</tbody>
            </table>
            {sorted.length > SHOWN && <button class="link" onClick={() => showAll(!all)}>{all ? 'Show fewer' : `Show all ${sorted.length}`}</button>}
          </>
        )
      }}
    </Panel>
  )
}

function by(order: Order) {
  return (a: TopicStat, b: TopicStat): number => {
    const x = order === 'share' ? share(b.negative, b.mentions) - share(a.negative, a.mentions) : b[order] - a[order]
    return x || b.mentions - a.mentions
  }
}

function Row({ topic: t, most, open }: { topic: TopicStat; most: number; open: OpenDrill }) {
  const name = topicName(t.topic)
  const see = (sentiment?: string) => () => open({ filters: { topic: t.topic, ...(sentiment ? { topic_sentiment: sentiment } : {}) } })
  const bar = (kind: 'negative' | 'positive') => (
    <td class={`topics-bar is-${kind}`}>
      <button onClick={see(kind)} aria-label={`${name}: ${count(t[kind])} ${kind} mentions`} title={`${count(t[kind])} ${kind} mentions`}>
        <span class="bar-value">{count(t[kind])}</span>
        <i class={kind} style={{ width: `${(100 * t[kind]) / most}%` }} />
      </button>
    </td>
  )
  return (
    <tr data-topic={t.topic}>
      <th scope="row"><button class="cell-link" onClick={see()} title={`${count(t.mentions)} mentions`}>{name}</button></th>
      {bar('negative')}
      {bar('positive')}
      <td class="topics-share" title="Share of mentions that are negative">{percent(share(t.negative, t.mentions))}</td>
    </tr>
  )
}
