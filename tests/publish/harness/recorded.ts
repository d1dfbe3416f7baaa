import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a registry keeps to itself. */
export interface Hidden {
  /** The newest that a version may be, an ISO date. */
  readonly before: string
  /** Versions that are older, and can't be installed all the same. */
  readonly held: readonly { readonly package: string; readonly versions: string; readonly why: string }[]
}

/** Renewed together with the lockfile. */
const recorded: Hidden = JSON.parse(readFileSync(join(import.meta.dirname, '../../../registry.json'), 'utf8'))

/**
 * What is recorded in registry.json. The environment's FW_REGISTRY_BEFORE is another moment, or `newest`: then
 * nothing is hidden, and all ranges float, as `pnpm canary` wants it.
 */
export function hidden(): Hidden | null {
  const other = process.env.FW_REGISTRY_BEFORE
  return other === 'newest' ? null : { ...recorded, before: other || recorded.before }
}
