import { useEffect, useRef } from 'preact/hooks'
import type { OpenDrill } from './app'
import { Logo, MoonIcon, SearchIcon, SunIcon } from './icons'
import { moment } from './model/format'
import type { State } from './model/state'
import type { Theme } from './theme'

interface Props {
  theme: Theme
  toggleTheme: () => void
  offline: boolean
  last: string | null
  state: State
  open: OpenDrill
}

export function Header({ theme, toggleTheme, offline, last, state, open }: Props) {
  return (
    <header class="top">
      <div class="brand"><Logo /><h1>Earshot</h1></div>
      <Search initial={state.drill?.filters.q ?? ''} open={open} />
      <Status offline={offline} last={last} />
      <button class="icon-button" onClick={toggleTheme} aria-label={theme === 'dark' ? 'Use the light theme' : 'Use the dark theme'} title="Light or dark">
        {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
      </button>
    </header>
  )
}

function Status({ offline, last }: { offline: boolean; last: string | null }) {
  const newest = last && Date.parse(last) > 0 ? `Newest feedback ${moment(last)}` : 'No feedback yet'
  return (
    <p class={`status ${offline ? 'is-off' : ''}`} title={newest} role="status">
      <span class="dot" aria-hidden="true" />
      <span class="status-text">{offline ? 'Offline' : 'Live'}</span>
    </p>
  )
}

/** Searches titles and texts; "/" jumps here. */
function Search({ initial, open }: { initial: string; open: OpenDrill }) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const jump = (e: KeyboardEvent) => {
      const typing = e.target instanceof HTMLElement && e.target.closest('input, select, textarea, dialog')
      if (e.key !== '/' || typing) return
      e.preventDefault()
      input.current?.focus()
    }
    addEventListener('keydown', jump)
    return () => removeEventListener('keydown', jump)
  }, [])
  const submit = (e: Event) => {
    e.preventDefault()
    const q = input.current?.value.trim()
    if (q) open({ filters: { q } })
  }
  return (
    <form class="search" role="search" onSubmit={submit}>
      <SearchIcon />
      <input ref={input} type="search" name="q" key={initial} defaultValue={initial} maxLength={200} placeholder="Search what customers said" aria-label="Search what customers said" enterkeyhint="search" />
      <kbd aria-hidden="true">/</kbd>
    </form>
  )
}
