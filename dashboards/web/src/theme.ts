import { useEffect, useState } from 'preact/hooks'

export type Theme = 'light' | 'dark'

const KEY = 'earshot.theme'

/** The theme in force: the reader's choice, else what the system prefers. */
export function useTheme(): [Theme, () => void] {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const [chosen, setChosen] = useState<Theme | null>(stored)
  const [dark, setDark] = useState(system.matches)
  useEffect(() => {
    const change = () => setDark(system.matches)
    system.addEventListener('change', change)
    return () => system.removeEventListener('change', change)
  }, [])
  const theme = chosen ?? (dark ? 'dark' : 'light')
  document.documentElement.dataset['theme'] = theme
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark'
    remember(next)
    setChosen(next)
  }
  return [theme, toggle]
}

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'light' || value === 'dark' ? value : null
  } catch {
    return null // storage is switched off
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // storage is switched off: the choice lasts as long as the page
  }
}
