// Icons drawn for this page; all take the colour of the text around them.

const line = { fill: 'none', stroke: 'currentColor', 'stroke-width': 1.6, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' } as const

function Icon({ children }: { children: preact.ComponentChildren }) {
  return <svg class="icon" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" {...line}>{children}</svg>
}

export const SearchIcon = () => <Icon><circle cx="9" cy="9" r="5.5" /><path d="m13.2 13.2 4 4" /></Icon>
export const CloseIcon = () => <Icon><path d="m5 5 10 10M15 5 5 15" /></Icon>
export const MoonIcon = () => <Icon><path d="M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5Z" /></Icon>
export const SunIcon = () => <Icon><circle cx="10" cy="10" r="3.5" /><path d="M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1" /></Icon>
export const DownloadIcon = () => <Icon><path d="M10 3v9m0 0 3.5-3.5M10 12 6.5 8.5M4 16h12" /></Icon>
export const FilterIcon = () => <Icon><path d="M3 5h14M6 10h8M8.5 15h3" /></Icon>

export const ChevronIcon = () => <Icon><path d="m7.5 5 5 5-5 5" /></Icon>
export const CopyIcon = () => <Icon><rect x="7" y="7" width="9" height="9" rx="1.5" /><path d="M13 4.5H5.5a1 1 0 0 0-1 1V13" /></Icon>

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" fill="none" stroke-linecap="round" stroke-width="3.2">
      <rect class="logo-ground" width="32" height="32" rx="8" />
      <path class="logo-ear" d="M10 12.5a6.5 6.5 0 0 1 13 0c0 4.6-4.4 5.2-5 9.4-.4 2.6-3.9 3.4-5.4 1.3" />
      <path class="logo-sound" d="M14 13a2.6 2.6 0 0 1 5 0c0 1.7-1.6 2.2-2.3 3.7" />
    </svg>
  )
}
