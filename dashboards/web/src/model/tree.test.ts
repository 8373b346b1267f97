import { describe, expect, it } from 'vitest'
import { change, net, topicTree, visibleRows } from './tree'
import type { TopicChange, TopicStat } from './types'

function stat(topic: string, positive: number, negative: number, neutral = 0): TopicStat {
  return { topic, mentions: positive + negative + neutral, positive, neutral, negative, score: 0 }
}

function topic(name: string, positive: number, negative: number, before?: [number, number]): TopicChange {
  return { ...stat(name, positive, negative), previous: before ? stat(name, ...before) : null }
}

describe('topic tree', () => {
  const topics = [topic('service.speed', 1, 9, [4, 4]), topic('service.staff', 5, 5, [6, 2]), topic('service', 2, 0), topic('price.value', 3, 1, [1, 1])]

  it('sums what is below a parent, and what is said of itself', () => {
    const [service] = topicTree(topics, 'negative', true)
    expect(service).toMatchObject({ topic: 'service', mentions: 22, positive: 8, negative: 14, previous: { mentions: 16 } })
    expect(service?.children.map((c) => [c.topic, c.label, c.mentions])).toEqual([['service.speed', 'speed', 10], ['service.staff', 'staff', 10]])
  })

  it('makes one row of a branch without a fork', () => {
    const price = topicTree(topics, 'negative', true)[1]
    expect(price).toMatchObject({ topic: 'price.value', label: 'price.value', children: [] })
  })

  it('keeps a parent of one child apart when something is said of the parent itself', () => {
    const [food] = topicTree([topic('food', 1, 1), topic('food.taste', 2, 2)], 'mentions', false)
    expect(food).toMatchObject({ topic: 'food', mentions: 6, children: [{ topic: 'food.taste', mentions: 4 }] })
  })

  it('puts the worst first in each order', () => {
    const names = (order: 'negative' | 'mentions' | 'net') => topicTree([topic('a', 0, 3), topic('b', 20, 4), topic('c', 1, 1)], order, false).map((n) => n.topic)
    expect(names('negative')).toEqual(['b', 'a', 'c'])
    expect(names('mentions')).toEqual(['b', 'a', 'c'])
    expect(names('net')).toEqual(['a', 'c', 'b'])
  })

  it('compares with the period before', () => {
    const [service] = topicTree(topics, 'negative', true)
    expect(change(service!)).toEqual({ mentions: 22 / 16 - 1, net: net(service!)! - 25 })
    const [fresh] = topicTree([topic('new', 1, 0)], 'negative', true)
    expect(change(fresh!)).toEqual({ mentions: null, net: null })
    expect(change(topicTree(topics, 'negative', false)[0]!)).toBeNull()
  })

  it('counts what is no longer mentioned in the period before only', () => {
    const [service] = topicTree([topic('service.speed', 2, 2, [1, 1]), topic('service.staff', 0, 0, [3, 1]), topic('gone', 0, 0, [1, 0])], 'negative', true)
    expect(service).toMatchObject({ topic: 'service.speed', mentions: 4, previous: { mentions: 6 } })
  })

  it('shows the children of open rows only', () => {
    const tree = topicTree(topics, 'negative', true)
    expect(visibleRows(tree, () => false).map((r) => r.node.topic)).toEqual(['service', 'price.value'])
    expect(visibleRows(tree, (t) => t === 'service').map((r) => [r.node.topic, r.level, r.place, r.of, r.parent])).toEqual([
      ['service', 1, 1, 2, null], ['service.speed', 2, 1, 2, 'service'], ['service.staff', 2, 2, 2, 'service'], ['price.value', 1, 2, 2, null],
    ])
  })

  it('survives names without parts and no topics at all', () => {
    expect(topicTree([], 'net', true)).toEqual([])
    expect(topicTree([topic('..', 1, 0)], 'net', true)).toHaveLength(1)
  })
})
