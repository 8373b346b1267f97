import { BarChart, LineChart } from 'echarts/charts'
import { AxisPointerComponent, GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, use, type ECharts, type EChartsCoreOption } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Theme } from '../theme'

use([BarChart, LineChart, GridComponent, TooltipComponent, AxisPointerComponent, MarkLineComponent, CanvasRenderer])

interface Props {
  name: string // for tests and styles
  label: string // what the chart shows, for those who do not see it
  height: number
  points: number
  theme: Theme
  option: (colour: Palette) => EChartsCoreOption
  describe: (i: number) => string
  onPick: (i: number) => void
}

/** The page's colours, read from its style sheet. */
export type Palette = (name: string) => string

/**
 * A chart with one point per step of its x axis. A point is picked with a click
 * anywhere in its column, or with the arrow keys and Enter.
 */
export function Chart(p: Props) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts | null>(null)
  const latest = useRef(p)
  latest.current = p
  const at = useRef<number | null>(null) // the point the keyboard is on; keys may come faster than renders
  const [said, say] = useState('')

  useEffect(() => {
    if (!box.current) return
    const c = init(box.current)
    chart.current = c
    c.getZr().on('click', (e) => {
      const i = columnAt(c, e.offsetX, e.offsetY, latest.current.points)
      if (i !== null) latest.current.onPick(i)
    })
    const observer = new ResizeObserver(() => c.resize())
    observer.observe(box.current)
    return () => {
      observer.disconnect()
      c.dispose()
    }
  }, [])

  useEffect(() => {
    const style = getComputedStyle(document.documentElement)
    chart.current?.setOption(p.option((name) => style.getPropertyValue(`--${name}`).trim()), { notMerge: true })
  }, [p.option, p.theme])

  const key = (e: KeyboardEvent) => {
    const next = step(e.key, at.current, p.points)
    if (next !== null) {
      e.preventDefault()
      at.current = next
      say(p.describe(next))
      chart.current?.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: next })
    } else if ((e.key === 'Enter' || e.key === ' ') && at.current !== null && at.current < p.points) {
      e.preventDefault()
      p.onPick(at.current)
    }
  }
  const leave = () => chart.current?.dispatchAction({ type: 'hideTip' })
  return (
    <div class="chart" data-chart={p.name} role="group" aria-roledescription="chart" aria-label={`${p.label}. Arrow keys move along it, Enter shows the feedback.`} tabIndex={0} onKeyDown={key} onBlur={leave}>
      <div ref={box} class="chart-canvas" style={{ height: `${p.height}px` }} aria-hidden="true" />
      <p class="visually-hidden" aria-live="polite">{said}</p>
    </div>
  )
}

function columnAt(c: ECharts, x: number, y: number, points: number): number | null {
  for (const gridIndex of [0, 1]) {
    if (!c.containPixel({ gridIndex }, [x, y])) continue
    const [i] = c.convertFromPixel({ gridIndex }, [x, y])
    if (i !== undefined && i >= 0 && i < points) return Math.round(i)
  }
  return null
}

function step(key: string, at: number | null, points: number): number | null {
  if (points === 0) return null
  switch (key) {
    case 'ArrowRight': return at === null ? 0 : Math.min(at + 1, points - 1)
    case 'ArrowLeft': return at === null ? points - 1 : Math.max(at - 1, 0)
    case 'Home': return 0
    case 'End': return points - 1
    default: return null
  }
}

/** A tooltip's content. It is built from elements: the page's policy refuses style attributes in HTML. */
export function tip(title: string, rows: [kind: string, name: string, value: string][], foot?: string): HTMLElement {
  const root = document.createElement('div')
  root.className = 'tip'
  root.append(element('strong', '', title))
  for (const [kind, name, value] of rows) {
    const row = element('div', 'tip-row', '')
    row.append(element('i', kind, ''), element('span', '', name), element('b', '', value))
    root.append(row)
  }
  if (foot) root.append(element('small', '', foot))
  return root
}

function element(tag: string, className: string, text: string): HTMLElement {
  const e = document.createElement(tag)
  if (className) e.className = className
  e.textContent = text
  return e
}

/** What all charts share: no animation on refresh, quiet axes, our tooltip. */
export function baseOption(colour: Palette): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', fontSize: 11, color: colour('ink-2') },
    tooltip: {
      trigger: 'axis',
      confine: true,
      transitionDuration: 0,
      padding: 0,
      borderWidth: 0,
      backgroundColor: 'transparent',
      extraCssText: 'box-shadow:none',
      axisPointer: { type: 'shadow', shadowStyle: { color: colour('hover') } },
    },
  }
}

/** The index under the pointer, from what ECharts hands a tooltip's formatter. */
export function indexOf(params: unknown): number {
  const first = Array.isArray(params) ? (params[0] as { dataIndex?: number } | undefined) : undefined
  return first?.dataIndex ?? 0
}
