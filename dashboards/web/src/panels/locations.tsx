import { useState } from 'preact/hooks'
import type { OpenDrill } from '../app'
import type { Resource } from '../hooks'
import { count, percent, share, signed, topicName } from '../model/format'
import type { PlaceStat } from '../model/types'
import { Panel } from '../panel'

const SHOWN = 18 // as long as the other column, mostly

type Column = 'location' | 'net_sentiment' | 'negative' | 'volume' | 'csat' | 'nps'

const COLUMNS: [Column, string, string][] = [
  ['location', 'Location', ''],
  ['net_sentiment', 'Net', 'Net sentiment: % positive minus % negative'],
  ['negative', 'Negative', 'Share of feedback that is negative'],
  ['volume', 'Volume', 'Pieces of feedback'],
  ['csat', 'CSAT', '% of answers 4–5'],
  ['nps', 'NPS', '% 9–10 minus % 0–6'],
]

export function Locations({ places, open }: { places: Resource<{ locations: PlaceStat[] }>; open: OpenDrill }) {
  const [sort, setSort] = useState<{ by: Column; down: boolean }>({ by: 'net_sentiment', down: false })
  const [all, showAll] = useState(false)
  const click = (by: Column) => setSort((s) => ({ by, down: s.by === by ? !s.down : by === 'volume' || by === 'negative' }))
  return (
    <Panel title="Locations" class="panel-places" resource={places} empty={(d) => d.locations.length === 0} rows={8} hint="Worst first">
      {(d) => {
        const rows = [...d.locations].sort((a, b) => order(a, b, sort.by) * (sort.down ? -1 : 1))
        return (
          <>
            <table class="places">
              <thead>
                <tr>
                  {COLUMNS.map(([key, name, title]) => (
                    <th key={key} scope="col" class={`col-${key}`} aria-sort={sort.by === key ? (sort.down ? 'descending' : 'ascending') : 'none'}>
                      <button onClick={() => click(key)} title={title || undefined}>{name}</button>
                    </th>
                  ))}
                  <th scope="col" class="col-topic">Worst topic</th>
                </tr>
              </thead>
              <tbody>{rows.slice(0, all ? undefined : SHOWN).map((p) => <Row key={p.location} place={p} open={open} />)}</tbody>
            </table>
            {rows.length > SHOWN && <button class="link" onClick={() => showAll(!all)}>{all ? 'Show fewer' : `Show all ${rows.length}`}</button>}
          </>
        )
      }}
    </Panel>
  )
}

function order(a: PlaceStat, b: PlaceStat, by: Column): number {
  if (by === 'location') return a.location.localeCompare(b.location, 'en', { numeric: true })
  const x = key(a, by)
  const y = key(b, by)
  if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0) // unknown last
  return x - y || b.volume - a.volume
}

function key(p: PlaceStat, by: Exclude<Column, 'location'>): number | null {
  return by === 'negative' ? share(p.negative, p.volume) : p[by]
}

function Row({ place: p, open }: { place: PlaceStat; open: OpenDrill }) {
  const negative = share(p.negative, p.volume)
  const figure = (x: number | null, digits = 0) => (x === null ? '–' : signed(x, digits))
  return (
    <tr data-location={p.location}>
      <th scope="row" class="col-location"><button class="cell-link" dir="auto" title={p.location} onClick={() => open({ filters: { location: p.location } })}>{p.location}</button></th>
      <td class="col-net_sentiment"><b class={p.net_sentiment !== null && p.net_sentiment < 0 ? 'is-bad' : ''}>{figure(p.net_sentiment)}</b></td>
      <td class="col-negative">
        <button class="meter" onClick={() => open({ filters: { location: p.location, sentiment: 'negative' } })} aria-label={`${p.location}: ${count(p.negative)} negative`} title={`${count(p.negative)} negative`}>
          <i style={{ width: `${100 * negative}%` }} /><span>{percent(negative)}</span>
        </button>
      </td>
      <td class="col-volume">{count(p.volume)}</td>
      <td class="col-csat">{p.csat === null ? '–' : `${p.csat.toFixed(0)}%`}</td>
      <td class="col-nps">{figure(p.nps)}</td>
      <td class="col-topic">{p.worst_topic && <button class="cell-link" onClick={() => open({ filters: { location: p.location, topic: p.worst_topic, topic_sentiment: 'negative' } })}>{topicName(p.worst_topic)}</button>}</td>
    </tr>
  )
}
