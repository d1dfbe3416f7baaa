const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** `1.2 MB`: powers of 1000. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  // 999.95 would be printed as 1000.0.
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

/** `99.7 %`. Only a whole is 100 %, and only nothing is 0 %. */
export function formatPercent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`
  const rounded = Math.round(share * 1000) / 10
  const percent = rounded === 100 ? 99.9 : rounded === 0 ? Math.sign(share) * 0.1 : rounded
  return `${percent < 0 ? '−' : ''}${Math.abs(percent).toFixed(1)} %`
}

export function plural(count: number, one: string): string {
  return `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`
}

/** Replaces invisible characters, and those that change the direction of text, by visible ones. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '\uFFFD')
}
