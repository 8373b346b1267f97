// Figures, times and names as people read them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

export function count(n: number): string {
  return whole.format(n)
}

/** 12,345 -> 12.3k: for tight places. */
export function short(n: number): string {
  if (n < 10_000) return whole.format(n)
  return n < 1_000_000 ? `${trim(n / 1000)}k` : `${trim(n / 1_000_000)}M`
}

function trim(x: number): string {
  return x < 100 ? x.toFixed(1).replace(/\.0$/, '') : x.toFixed(0)
}

/** With a sign: +12, −3, 0. The minus is the typographic one. */
export function signed(x: number, digits = 0): string {
  const s = Math.abs(x).toFixed(digits)
  if (Number(s) === 0) return s
  return (x < 0 ? '−' : '+') + s
}

export function percent(share: number): string {
  return `${Math.round(share * 100)}%`
}

export function share(part: number, total: number): number {
  return total > 0 ? part / total : 0
}

/** 95 -> "1m 35s", 5400 -> "1h 30m", 90000 -> "1d 1h". */
export function duration(seconds: number): string {
  const s = Math.round(seconds)
  if (s < 60) return `${s}s`
  if (s < 3600) return pair(s, 60, 'm', 1, 's')
  if (s < 86_400) return pair(s, 3600, 'h', 60, 'm')
  return pair(s, 86_400, 'd', 3600, 'h')
}

function pair(s: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((s % big) / small)
  return `${Math.floor(s / big)}${bigUnit}` + (rest ? ` ${rest}${smallUnit}` : '')
}

/** "overdue by 3h", "due in 2d 4h". */
export function due(at: string, now: Date): string {
  const seconds = (Date.parse(at) - now.getTime()) / 1000
  return seconds < 0 ? `overdue by ${coarse(-seconds)}` : `due in ${coarse(seconds)}`
}

function coarse(seconds: number): string {
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))}m`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)}h`
  return `${Math.round(seconds / 86_400)}d`
}

/** 114 -> "Fri 18:00". */
export function hourOfWeek(h: number): string {
  return `${DAYS[Math.floor(h / 24)] ?? '?'} ${String(h % 24).padStart(2, '0')}:00`
}

export function weekday(i: number): string {
  return DAYS[i] ?? ''
}

/** "service.speed" -> "Service · speed", "peak_hours" -> "Peak hours". */
export function topicName(topic: string): string {
  const words = topic.split('.').map((part) => part.replaceAll('_', ' '))
  return capital(words.join(' · '))
}

export function capital(s: string): string {
  return s.charAt(0).toUpperCase() + s.slice(1)
}

export function channelName(source: string): string {
  return source === 'sms' ? 'SMS' : capital(source.replaceAll('_', ' '))
}

/** A day as in "3 Nov" (UTC), with the year when it is not this one. */
export function dayName(day: string, now: Date): string {
  const t = new Date(day)
  const year = t.getUTCFullYear() === now.getUTCFullYear() ? {} : { year: 'numeric' as const }
  return t.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC', ...year })
}

/** Date and time in the reader's own zone. */
export function moment(at: string): string {
  return new Date(at).toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })
}

/** The hour of the week of a moment in the reader's own zone, 0 = Monday 00:00. */
export function ownHourOfWeek(at: string): number {
  const t = new Date(at)
  return ((t.getDay() + 6) % 7) * 24 + t.getHours()
}
