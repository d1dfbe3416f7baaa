import type { Shard } from './values.ts'

/**
 * The items of one shard: sorted by id, every `count`th from the `index`th on. The same on every machine that has the
 * same list; shards differ by one item at most.
 */
export function ofShard<T extends { evaluatorId: string }>(
  items: readonly T[],
  { index, count }: Shard,
): T[] {
  const sorted = [...items].sort((a, b) => (a.evaluatorId < b.evaluatorId ? -1 : 1))
  return sorted.filter((_, at) => at % count === index - 1)
}
