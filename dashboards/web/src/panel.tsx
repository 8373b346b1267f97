import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import type { Resource } from './hooks'

interface Props<T> {
  title: string
  hint?: ComponentChildren
  tools?: ComponentChildren
  class?: string
  resource: Resource<T>
  empty: (data: T) => boolean
  emptyNote?: string
  rows?: number // of the loading skeleton
  children: (data: T) => ComponentChildren
}

/** A titled box that knows the four states of its data: loading, failed, empty, there. */
export function Panel<T>(p: Props<T>) {
  const id = useId()
  return (
    <section class={`panel ${p.class ?? ''}`} aria-labelledby={id} aria-busy={p.resource.loading}>
      <header class="panel-head">
        <div>
          <h2 id={id}>{p.title}</h2>
          {p.hint && <p class="hint">{p.hint}</p>}
        </div>
        {p.tools && <div class="panel-tools">{p.tools}</div>}
      </header>
      <div class={`panel-body ${p.resource.loading && p.resource.data ? 'is-stale' : ''}`}>{body(p)}</div>
    </section>
  )
}

function body<T>({ resource, empty, emptyNote, rows, children }: Props<T>) {
  if (resource.data === null) {
    if (resource.error) return <p class="note is-error" role="status">{resource.error.message}</p>
    return <Skeleton rows={rows ?? 5} />
  }
  if (empty(resource.data)) return <p class="note">{emptyNote ?? 'Nothing here for this selection.'}</p>
  return children(resource.data)
}

export function Skeleton({ rows }: { rows: number }) {
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => <span key={i} style={{ width: `${92 - ((i * 37) % 45)}%` }} />)}
    </div>
  )
}
