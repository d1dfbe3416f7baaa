import { EvaluatorUploadError } from '../errors.ts'

/**
 * Refuses options that do not exist, by name: a misspelt `skipUnchanged` must not silently do nothing.
 * @throws EvaluatorUploadError FW_CONFIG
 */
export async function refuseUnknown(options: object, known: readonly string[], where: string): Promise<void> {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue
    const nearest = await closest(key, known)
    throw new EvaluatorUploadError('FW_CONFIG', `${where} has no option "${key}".`, {
      hint: nearest ? `Did you mean "${nearest}"?` : `The options are: ${known.join(', ')}.`,
    })
  }
}

/** The candidate that is fewest edits away, if it is near enough to be what was meant. */
async function closest(word: string, candidates: readonly string[]): Promise<string | undefined> {
  const { default: leven } = await import('leven')
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined
}
