export { formatBytes, printable } from '@fw/pages/format'

/** `820 ms`, `4.2 s`, `3 min 5 s`. */
export function formatMs(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

const AGO_UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const
/** For older times, the date is more useful. */
const LONG_AGO_MS = 30 * 86_400_000

/** `3 min ago` of an ISO time; its date if it is more than a month ago; the text itself if it is not a time. */
export function formatAgo(iso: string, nowMs: number = Date.now()): string {
  const ms = nowMs - Date.parse(iso)
  if (Number.isNaN(ms)) return iso
  // The clocks of two machines differ a little.
  if (ms < 1000 && ms > -60_000) return 'just now'
  if (ms < 0 || ms > LONG_AGO_MS) return iso.slice(0, 10)
  for (const [unitMs, unit] of AGO_UNITS) {
    const count = Math.floor(ms / unitMs)
    if (count >= 1) return `${unit === 'day' ? plural(count, 'day') : `${count} ${unit}`} ago`
  }
  return 'just now'
}

const ORIGINS = {
  option: 'from a flag',
  environment: 'from the environment',
  'auth.ini': 'from auth.ini',
  default: 'the default',
} as const

/** Where a setting comes from. */
export function formatOrigin(origin: keyof typeof ORIGINS | undefined): string {
  return origin === undefined ? 'not set' : ORIGINS[origin]
}
