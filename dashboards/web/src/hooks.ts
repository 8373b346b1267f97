import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { APIError, get, url, type Query } from './api'
import { format, parse, type State } from './model/state'

export interface Resource<T> {
  data: T | null
  error: APIError | null
  loading: boolean // what is shown, if anything, answers an earlier question
}

/**
 * Loads an endpoint when its query changes, and again quietly when tick does.
 * While a new query is under way the old answer stays, marked as loading; a
 * failed quiet reload keeps the old answer too and reports the error beside it.
 */
export function useResource<T>(path: string | null, query: Query, tick: number): Resource<T> {
  const key = path === null ? null : url(path, query)
  const [state, setState] = useState<Resource<T> & { key: string | null }>({ key: null, data: null, error: null, loading: true })
  useEffect(() => {
    if (path === null) return
    const abort = new AbortController()
    setState((s) => (s.key === key ? s : { ...s, loading: true, error: null }))
    get<T>(path, query, abort.signal).then(
      (data) => setState({ key, data, error: null, loading: false }),
      (err: unknown) => {
        if (abort.signal.aborted) return
        const error = err instanceof APIError ? err : new APIError(String(err), 0)
        setState((s) => ({ key, data: s.key === key ? s.data : null, error, loading: false }))
      },
    )
    return () => abort.abort()
  }, [key, tick])
  return state
}

export type Navigate = (next: (s: State) => State, options?: { replace?: boolean }) => void

/** The page's state, kept in the URL. */
export function useUrlState(): [State, Navigate] {
  const [state, setState] = useState(() => parse(location.search))
  const current = useRef(state)
  useEffect(() => {
    const back = () => {
      current.current = parse(location.search)
      setState(current.current)
    }
    addEventListener('popstate', back)
    return () => removeEventListener('popstate', back)
  }, [])
  const navigate = useCallback<Navigate>((next, options) => {
    const state = next(current.current)
    const search = format(state)
    if (search === format(current.current)) return
    current.current = state
    const address = location.pathname + search
    if (options?.replace) history.replaceState(null, '', address)
    else history.pushState(null, '', address)
    setState(state)
  }, [])
  return [state, navigate]
}

/** Counts up every period while the page is visible, and at once when it becomes visible again. */
export function useHeartbeat(periodMs: number): number {
  const [beat, setBeat] = useState(0)
  useEffect(() => {
    const step = () => {
      if (!document.hidden) setBeat((b) => b + 1)
    }
    const timer = setInterval(step, periodMs)
    document.addEventListener('visibilitychange', step)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', step)
    }
  }, [periodMs])
  return beat
}

/** Counts up whenever value changes while key stays the same. */
export function useChanges(key: string, value: number | undefined): number {
  const last = useRef<{ key: string; value: number | undefined }>({ key, value })
  const [changes, setChanges] = useState(0)
  useEffect(() => {
    const before = last.current
    if (value === undefined) return
    last.current = { key, value }
    if (before.key === key && before.value !== undefined && before.value !== value) setChanges((n) => n + 1)
  }, [key, value])
  return changes
}

/** Counts up every period while on; for answers that are on their way. */
export function useTicks(on: boolean, periodMs: number): number {
  const [ticks, setTicks] = useState(0)
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => setTicks((n) => n + 1), periodMs)
    return () => clearInterval(timer)
  }, [on, periodMs])
  return ticks
}
