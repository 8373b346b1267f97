import { expect, test } from 'vitest'
import { segments, type Mention } from './spans'

const mention = (start: number, end: number): Mention => ({ topic: 't', sentiment: 'negative', start, end })
const marked = (text: string, mentions: Mention[]) => segments(text, mentions).filter((s) => s.topic).map((s) => s.text)
const joined = (text: string, mentions: Mention[]) => segments(text, mentions).map((s) => s.text).join('')

test('offsets count UTF-8 bytes', () => {
  // é is 2 bytes, — is 3, 😤 is 4 and two UTF-16 units
  const text = 'Café — 😤 slow'
  expect(new TextEncoder().encode(text).length).toBe(19)
  expect(marked(text, [mention(15, 19)])).toEqual(['slow'])
  expect(marked(text, [mention(0, 5)])).toEqual(['Café'])
  expect(marked(text, [mention(10, 14)])).toEqual(['😤'])
})

test.each<[string, Mention[], string[]]>([
  ['inside a character', [mention(4, 5)], []],
  ['beyond the end', [mention(10, 40)], []],
  ['negative', [mention(-1, 3)], []],
  ['empty', [mention(2, 2)], []],
  ['overlapping: the earlier one wins', [mention(0, 5), mention(3, 9)], ['Café']],
  ['same start: the longer one wins', [mention(0, 3), mention(0, 5)], ['Café']],
  ['touching', [mention(5, 6), mention(0, 5)], ['Café', ' ']],
])('%s', (_name, mentions, want) => {
  const text = 'Café slow'
  expect(marked(text, mentions)).toEqual(want)
  expect(joined(text, mentions)).toBe(text)
})
