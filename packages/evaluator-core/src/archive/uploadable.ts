import { checkDependencies } from '../source/dependencies.ts'
import { checkSyntax } from '../source/python-check.ts'
import { type CollectedSource, inContext } from './pack.ts'

// What must be right of a source before anything is changed at the service. `packEvaluator` asks for none of it: an
// archive is no promise that the evaluator works, an upload is.

/**
 * Refuses a source whose dependencies stand where the service does not look.
 * @param requirements those that were given as a field: they are the dependencies then
 * @throws FW_SOURCE
 */
export async function checkDeclared(
  { options, entries }: CollectedSource,
  requirements: string | undefined,
): Promise<void> {
  if (requirements === undefined) await inContext(options.evaluatorId, async () => checkDependencies(entries))
}

/**
 * Refuses Python that can't be parsed, unless no entry point is meant: then nobody says that it is run at all.
 * @throws FW_SOURCE, FW_ABORTED
 */
export async function checkPython(
  { options, entries, preflight, dir }: CollectedSource,
  signal: AbortSignal,
): Promise<void> {
  if (options.entryPoint === false) return
  await inContext(options.evaluatorId, () => checkSyntax(entries, preflight.flaws, dir, signal))
}

/**
 * Refuses a source without an entry point. Where none was given or found, that of the service stays.
 * @param held the entry point that the service has, where it was asked
 * @throws FW_SOURCE with the candidates
 */
export async function requireEntryPoint(
  { options, preflight: { noEntryPoint } }: CollectedSource,
  held: string | undefined,
): Promise<void> {
  if (!noEntryPoint) return
  if (held) return options.logger?.info(`Entry point: ${held}, which the service has, stays`)
  await inContext(options.evaluatorId, () => Promise.reject(noEntryPoint))
}
