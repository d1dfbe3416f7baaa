/** What is compared, by name. */
export type Variants<T> = Readonly<Record<string, () => Promise<T>>>

/**
 * Runs all variants once a round, beginning with another one each time: what else the machine does, hits all of them.
 * @returns samples by variant; those of one index are of one round
 */
export async function rounds<T>(count: number, variants: Variants<T>): Promise<Record<string, T[]>> {
  const names = Object.keys(variants)
  const samples: Record<string, T[]> = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < count; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length] ?? ''
      const sample = await variants[name]?.()
      if (sample !== undefined) samples[name]?.push(sample)
    }
  }
  return samples
}

/** `of(ours) / of(theirs)`, round by round. */
export function ratios<T>(
  ours: readonly T[] = [],
  theirs: readonly T[] = [],
  of: (sample: T) => number,
): number[] {
  return pairs(ours, theirs, (a, b) => of(a) / of(b))
}

/** `of(ours) - of(theirs)`, round by round. */
export function differences<T>(
  ours: readonly T[] = [],
  theirs: readonly T[] = [],
  of: (sample: T) => number,
): number[] {
  return pairs(ours, theirs, (a, b) => of(a) - of(b))
}

function pairs<T>(ours: readonly T[], theirs: readonly T[], join: (a: T, b: T) => number): number[] {
  return ours.flatMap((a, round) => {
    const b = theirs[round]
    return b === undefined ? [] : [join(a, b)]
  })
}
