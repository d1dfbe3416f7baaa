import leven from 'leven'
import { EvaluatorUploadError } from './errors.ts'

const ARTICLES: Readonly<Record<string, string>> = { object: 'an object', false: 'false' }

type Kind = 'string' | 'number' | 'boolean' | 'false' | 'object' | 'function'

/**
 * Each option of `T` with the kinds of value that it takes. It stands beside the type that it speaks of, and the
 * compiler says when one was forgotten, or is there no more.
 */
export type OptionTable<T> = { readonly [Name in keyof Required<T>]: Kind | `${Kind} or ${Kind}` }

/**
 * Refuses what a table does not have, by name: a misspelt `skipUnchanged` must not silently do nothing.
 * `undefined` is as good as not given, everywhere.
 * @param where whose options they are, for the message
 * @throws EvaluatorUploadError FW_CONFIG
 */
export function checkOptions(options: object, table: Readonly<Record<string, string>>, where: string): void {
  for (const [name, value] of Object.entries(options)) {
    const kinds = Object.hasOwn(table, name) ? table[name]?.split(' or ') : undefined
    if (!kinds) {
      const known = Object.keys(table)
      const nearest = closest(name, known)
      throw new EvaluatorUploadError('FW_CONFIG', `${where} has no option "${name}".`, {
        hint: nearest ? `Did you mean "${nearest}"?` : `The options are: ${known.join(', ')}.`,
      })
    }
    const kind = value === null ? 'null' : typeof value
    if (value === undefined || kinds.includes(kind)) continue
    if (value === false && kinds.includes('false')) continue
    throw new EvaluatorUploadError('FW_CONFIG', `${where} was given a ${kind} as "${name}".`, {
      hint: `It takes ${kinds.map((each) => ARTICLES[each] ?? `a ${each}`).join(' or ')}.`,
    })
  }
}

/** The candidate that is fewest edits away, if it is near enough to be what was meant. */
function closest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined
}
