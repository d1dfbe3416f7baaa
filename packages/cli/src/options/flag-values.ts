import { InvalidArgumentError } from '@commander-js/extra-typings'

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }

/** `90s`, `15m`, `1.5h`, `500ms`; a bare number is seconds. Milliseconds. */
export function parseDuration(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|min|h)?$/.exec(text) ?? []
  const ms = Number(number) * (MS_PER_UNIT[unit] ?? Number.NaN)
  if (ms > 0) return ms
  throw new InvalidArgumentError('Write a time such as 90s, 15m or 1h.')
}

const BYTES_PER_UNIT: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }

/** `500kB`, `20MB`, `1.5GB`; a bare number is bytes. */
export function parseSize(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])?b?)$/i.exec(text) ?? []
  const bytes = Number(number) * (BYTES_PER_UNIT[unit.toLowerCase()] ?? Number.NaN)
  if (bytes > 0) return Math.floor(bytes)
  throw new InvalidArgumentError('Write a size such as 500kB, 20MB or 1GB.')
}

/** A whole number from `least` on. */
export function parseCount(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const count = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (count >= least && count <= most) return count
    const range = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`
    throw new InvalidArgumentError(`Write a whole number${range}.`)
  }
}

/** The part of a list for one machine. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number
  readonly count: number
}

/** `2/8` */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (index >= 1 && index <= count) return { index, count }
  throw new InvalidArgumentError('Write the part and the number of parts, such as 2/8.')
}

/** For flags that can be repeated. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value]
}
