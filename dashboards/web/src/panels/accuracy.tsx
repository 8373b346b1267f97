import { useState } from 'preact/hooks'
import type { OpenDrill } from '../app'
import type { Resource } from '../hooks'
import { accuracyRows, CLASSES, confusionShares, curve, type Accuracy as Figures, type AccuracyBody, type AccuracyRow, type CurvePoint } from '../model/accuracy'
import { capital, channelName, count, percent } from '../model/format'
import { Panel } from '../panel'
import './accuracy.css'

/** The scores against the ratings that came with the texts, which the scoring never sees. */
export function Accuracy({ accuracy, open }: { accuracy: Resource<AccuracyBody>; open: OpenDrill }) {
  const [picked, pick] = useState('all')
  const rated = accuracy.data?.all?.rated
  const hint = rated === undefined ? 'By the stars, CSAT and NPS that came with the texts' : `By the stars, CSAT and NPS that came with ${count(rated)} texts, which the scoring never sees`
  const odd = <button class="link" onClick={() => open({ filters: { contradiction: 'true' } })}>Ratings that contradict the text</button>
  return (
    <Panel title="How right the scores are" class="panel-accuracy" resource={accuracy} empty={(d) => d.all === null} rows={5} hint={hint} tools={odd}>
      {(d) => {
        const rows = accuracyRows(d)
        const row = rows.find((r) => r.key === picked) ?? rows[0]
        if (!row) return null
        return (
          <div class="accuracy">
            <List rows={rows} picked={row.key} pick={pick} />
            <Confusion figures={row.figures} name={rowName(row)} />
            <Calibration figures={row.figures} name={rowName(row)} />
          </div>
        )
      }}
    </Panel>
  )
}

function rowName(r: AccuracyRow): string {
  if (r.kind === 'all') return 'All'
  if (r.kind === 'channel') return channelName(r.name)
  if (r.name === 'und') return 'Language unclear'
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(r.name) ?? r.name
  } catch {
    return r.name // no language code
  }
}

function List({ rows, picked, pick }: { rows: AccuracyRow[]; picked: string; pick: (key: string) => void }) {
  return (
    <table class="accuracy-list">
      <thead><tr><th scope="col">Channel, language</th><th scope="col">Right, with its 95 % interval</th><th scope="col" class="is-number">Texts</th></tr></thead>
      <tbody>
        {rows.map((r, i) => (
          <tr key={r.key} data-accuracy={r.key} data-value={r.figures.accuracy} class={`${r.key === picked ? 'is-picked' : ''} ${r.kind !== rows[i - 1]?.kind ? 'is-first' : ''}`}>
            <th scope="row"><button class="cell-link" aria-pressed={r.key === picked} onClick={() => pick(r.key)}>{rowName(r)}</button></th>
            <td><Interval of={r.figures} /></td>
            <td class="is-number">{count(r.figures.rated)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Interval({ of: f }: { of: Figures }) {
  return (
    <span class="interval" title={`${percent(f.accuracy_low)} to ${percent(f.accuracy_high)}; macro-F1 ${f.macro_f1.toFixed(2)}`}>
      <b>{percent(f.accuracy)}</b>
      <span class="interval-track">
        <i class="interval-span" style={{ left: `${100 * f.accuracy_low}%`, width: `${100 * (f.accuracy_high - f.accuracy_low)}%` }} />
        <i class="interval-point" style={{ left: `${100 * f.accuracy}%` }} />
      </span>
    </span>
  )
}

function Confusion({ figures, name }: { figures: Figures; name: string }) {
  const shares = confusionShares(figures.confusion)
  return (
    <table class="confusion">
      <caption>{name}: scored as … where the rating says …</caption>
      <thead><tr><td />{CLASSES.map((c) => <th key={c} scope="col">{capital(c)}</th>)}</tr></thead>
      <tbody>
        {CLASSES.map((truth, i) => (
          <tr key={truth}>
            <th scope="row">{capital(truth)}</th>
            {CLASSES.map((scored, k) => (
              <td key={scored} class={i === k ? 'is-right' : 'is-wrong'} style={{ '--v': `${Math.round(100 * (shares[i]?.[k] ?? 0))}%` }} title={`Rated ${truth}, scored ${scored}: ${percent(shares[i]?.[k] ?? 0)} of the ${truth} ratings`}>
                {count(figures.confusion[i]?.[k] ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const SIZE = 168 // of the curve's square
const PAD = 32

function Calibration({ figures, name }: { figures: Figures; name: string }) {
  const points = curve(figures.calibration.bins)
  const most = Math.max(1, ...points.map((p) => p.count))
  const x = (v: number) => PAD + v * SIZE
  const y = (v: number) => 6 + (1 - v) * SIZE
  return (
    <figure class="calibration">
      <svg viewBox={`0 0 ${PAD + SIZE + 8} ${SIZE + 24}`} role="img" aria-label={`${name}: calibration error ${figures.calibration_error.toFixed(3)}. ${points.map(said).join('. ')}`}>
        {[0, 0.5, 1].map((v) => (
          <g key={v}>
            <line class="calibration-grid" x1={x(0)} x2={x(1)} y1={y(v)} y2={y(v)} />
            <text x={PAD - 5} y={y(v) + 3.5} text-anchor="end">{percent(v)}</text>
            <text x={x(v)} y={SIZE + 20} text-anchor={v === 1 ? 'end' : 'middle'}>{percent(v)}</text>
          </g>
        ))}
        <line class="calibration-ideal" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
        <polyline class="calibration-curve" points={points.map((p) => `${x(p.confidence)},${y(p.right)}`).join(' ')} />
        {points.map((p) => <circle key={p.confidence} class="calibration-point" cx={x(p.confidence)} cy={y(p.right)} r={2 + 5 * Math.sqrt(p.count / most)}><title>{said(p)}</title></circle>)}
      </svg>
      <figcaption>How often right, by how sure it was; on the line is ideal. Calibration error {figures.calibration_error.toFixed(3)}</figcaption>
    </figure>
  )
}

function said(p: CurvePoint): string {
  return `${percent(p.confidence)} sure: ${percent(p.right)} right, of ${count(p.count)}`
}
