import type { Build, EvaluatorRecord } from '../state/state.ts'
import { objectPath, putObject, saveTransition, type World } from '../state/world.ts'

/** The running builds. */
export interface Builds {
  /** Starts the timer of `record.build`, which the caller has set. */
  begin(record: EvaluatorRecord): void
}

/** Restarts the builds that an earlier process left unfinished. */
export function createBuilds(world: World): Builds {
  const begin = (record: EvaluatorRecord): void => {
    const { build } = record
    if (!build || build.result === 'never-ends') return
    const timer = setTimeout(() => {
      world.closed.removeEventListener('abort', stop)
      world.tasks.run(finish(world, record, build), (error) => {
        // The disk is full or gone. The evaluator stays BUILDING, as on disk.
        if (!world.closed.aborted) process.emitWarning(error instanceof Error ? error : String(error))
      })
    }, world.settings.buildMs)
    const stop = (): void => clearTimeout(timer)
    world.closed.addEventListener('abort', stop, { once: true })
  }
  for (const record of world.state.evaluators.values()) begin(record)
  return { begin }
}

async function finish(world: World, record: EvaluatorRecord, build: Build): Promise<void> {
  const isCurrent = (): boolean =>
    !world.closed.aborted && record.build === build && world.state.evaluators.get(record.id) === record
  if (!isCurrent()) return
  const log = Buffer.from(build.log)
  const blob = await world.blobs.receive(
    (async function* () {
      yield log
    })(),
    log.length,
  )
  // The evaluator was deleted or prepared again while the log was being written.
  if (!isCurrent()) return world.blobs.remove(blob)
  const path = objectPath(world.state.accountId, record, 'logs/build.log')
  const succeeded = build.result === 'succeeds'
  record.build = null
  record.buildLog = path
  record.state = succeeded ? 'ACTIVE' : 'BUILD_FAILED'
  record.status = { code: succeeded ? 'OK' : 'INTERNAL', message: build.message }
  record.updateTime = new Date().toISOString()
  await putObject(world, path, blob, 'text/plain; charset=utf-8')
  await saveTransition(world, record.id, 'BUILDING', record.state)
}
