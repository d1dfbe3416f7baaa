import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a registry hides. */
export interface Hidden {
  /** Newer versions than this ISO date are hidden. */
  readonly before: string
  /** Older versions that cannot be installed either. */
  readonly held: readonly { readonly package: string; readonly versions: string; readonly why: string }[]
}

/** Renewed together with the lockfile. */
const recorded: Hidden = JSON.parse(readFileSync(join(import.meta.dirname, '../../../registry.json'), 'utf8'))

/**
 * Reads registry.json. FW_REGISTRY_BEFORE in the environment is another date, or `newest`: then nothing is hidden, as
 * `pnpm canary` needs it.
 */
export function hidden(): Hidden | null {
  const other = process.env.FW_REGISTRY_BEFORE
  return other === 'newest' ? null : { ...recorded, before: other || recorded.before }
}
