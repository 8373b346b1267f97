// Topics with dots in their names as a tree: service.speed stands below service.

import type { TopicChange } from './types'

/** Mentions of a topic and everything below it. */
export interface Tally {
  mentions: number
  positive: number
  neutral: number
  negative: number
}

export interface TopicNode extends Tally {
  topic: string // the whole name, also what a filter takes
  label: string // what the row is called below its parent
  previous: Tally | null // of the period before; null: nothing to compare with
  children: TopicNode[]
}

export type TopicOrder = 'negative' | 'mentions' | 'net'

const NOTHING: Tally = { mentions: 0, positive: 0, neutral: 0, negative: 0 }

/**
 * Builds the tree. A parent sums up what is said of it and of what is below it. A
 * branch without a fork is one row. Topics that were only mentioned in the period
 * before count there, and have no row.
 */
export function topicTree(topics: TopicChange[], order: TopicOrder, compare: boolean): TopicNode[] {
  const nodes = new Map<string, TopicNode>()
  const roots: TopicNode[] = []
  const reach = (topic: string): TopicNode => {
    const known = nodes.get(topic)
    if (known) return known
    const node: TopicNode = { topic, label: topic.split('.').at(-1) ?? topic, ...NOTHING, previous: compare ? { ...NOTHING } : null, children: [] }
    nodes.set(topic, node)
    const cut = topic.lastIndexOf('.')
    if (cut > 0) reach(topic.slice(0, cut)).children.push(node)
    else roots.push(node)
    return node
  }
  for (const t of topics) {
    reach(t.topic)
    for (let at = t.topic; at; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
      const node = reach(at)
      add(node, t)
      if (node.previous && t.previous) add(node.previous, t.previous)
    }
  }
  return arrange(roots.filter(mentioned).map(unfork), order)
}

function add(to: Tally, from: Tally): void {
  to.mentions += from.mentions
  to.positive += from.positive
  to.neutral += from.neutral
  to.negative += from.negative
}

/** A parent with one child and nothing said of itself is its child. */
function unfork(node: TopicNode): TopicNode {
  const [only, more] = node.children.filter(mentioned)
  if (only && !more && only.mentions === node.mentions) {
    const child = unfork(only)
    // What it was before is the branch's: all that is left of it is this row.
    return { ...child, previous: node.previous, label: `${node.label}.${child.label}` }
  }
  return { ...node, children: node.children.filter(mentioned).map(unfork) }
}

function mentioned(node: TopicNode): boolean {
  return node.mentions > 0
}

function arrange(nodes: TopicNode[], order: TopicOrder): TopicNode[] {
  const key = (n: TopicNode) => (order === 'net' ? -(net(n) ?? 101) : n[order])
  return nodes
    .map((n) => ({ ...n, children: arrange(n.children, order) }))
    .sort((a, b) => key(b) - key(a) || b.mentions - a.mentions || (a.topic < b.topic ? -1 : 1))
}

/** % positive minus % negative of the mentions; null without any. */
export function net(t: Tally): number | null {
  const scored = t.positive + t.neutral + t.negative
  return scored > 0 ? (100 * (t.positive - t.negative)) / scored : null
}

export interface Change {
  mentions: number | null // relative, 0.12 = 12 % more; null: there were none before
  net: number | null // points
}

/** The change against the period before; null if that says nothing. */
export function change(n: TopicNode): Change | null {
  if (!n.previous) return null
  const [now, then] = [net(n), net(n.previous)]
  return {
    mentions: n.previous.mentions > 0 ? n.mentions / n.previous.mentions - 1 : null,
    net: now === null || then === null ? null : now - then,
  }
}

/** A row of the tree as shown: its depth, and its place among its siblings. */
export interface Row {
  node: TopicNode
  level: number // 1 at the root
  place: number // from 1
  of: number
  parent: string | null
}

/** The rows in view, top to bottom: children of open nodes only. */
export function visibleRows(nodes: TopicNode[], open: (topic: string) => boolean, level = 1, parent: string | null = null): Row[] {
  return nodes.flatMap((node, i) => [
    { node, level, place: i + 1, of: nodes.length, parent },
    ...(node.children.length > 0 && open(node.topic) ? visibleRows(node.children, open, level + 1, node.topic) : []),
  ])
}
