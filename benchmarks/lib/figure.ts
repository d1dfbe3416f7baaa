/** How a number is read. All are "the less, the better". */
export type Unit = 'ratio' | 'ms' | 's' | 'MB' | 'count'

/** One measured number, and what it should be. */
export interface Figure {
  /** What was measured: a corpus, a case, a build. */
  readonly subject: string
  /** What of it: `wall to pigz`, `peak RSS`. */
  readonly what: string
  readonly unit: Unit
  /** The median where there are several samples. */
  readonly value: number
  /** First and third quartile. */
  readonly spread?: readonly [number, number]
  readonly samples?: number
  /** At most this. A figure without a goal is there to compare with. */
  readonly goal?: number
}

export interface SuiteResult {
  readonly figures: readonly Figure[]
  /** What a reader must know: a tool that is missing, a case that was left out. */
  readonly notes: readonly string[]
  /** SVG by file name. */
  readonly plots?: Readonly<Record<string, string>>
}

/** Quartiles of `samples` as a figure. @throws RangeError when there is none */
export function figure(
  subject: string,
  what: string,
  unit: Unit,
  samples: readonly number[],
  goal?: number,
): Figure {
  const sorted = samples.toSorted((a, b) => a - b)
  return {
    subject,
    what,
    unit,
    value: quantile(sorted, 0.5),
    ...(sorted.length > 1 && { spread: [quantile(sorted, 0.25), quantile(sorted, 0.75)] as const }),
    samples: sorted.length,
    ...(goal !== undefined && { goal }),
  }
}

/** `undefined` without a goal. */
export function isMet({ value, goal }: Figure): boolean | undefined {
  return goal === undefined ? undefined : value <= goal
}

export function median(samples: readonly number[]): number {
  return quantile(
    samples.toSorted((a, b) => a - b),
    0.5,
  )
}

function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)]
  const high = sorted[Math.ceil(at)]
  if (low === undefined || high === undefined) throw new RangeError('There is no sample')
  return low + (high - low) * (at - Math.floor(at))
}
