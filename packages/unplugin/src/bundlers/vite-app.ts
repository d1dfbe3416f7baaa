import { type BuildState, type CleanPart, createBuildState, type Part } from '../core/build.ts'
import type { ResolvedOptions } from '../core/options.ts'
import type { Builder } from './vite-types.ts'

/** The build of an app of several environments by one `vite build`. */
export interface AppBuild {
  readonly state: BuildState
  /** Open from the first environment's beginning to the last one's end. */
  readonly held: Part
  /** In watch mode the environments end at times of their own: each that will come, so that the first waits. */
  readonly announced: ReadonlyMap<string, Part>
}

/** The label of the part that is held open: no environment can have this name. */
const HELD = ''

/**
 * `undefined` when there is one environment only: its own end is the end, also of what `vite.build()` builds.
 * @throws TypeError when `environments` names one that the app has not.
 */
export function beginApp(
  builder: Builder,
  { environments }: ResolvedOptions,
  upload: (parts: readonly CleanPart[]) => Promise<void>,
): AppBuild | undefined {
  const names = Object.keys(builder.environments)
  if (names.length < 2) return undefined
  const stranger = environments?.find((name) => !names.includes(name))
  if (stranger !== undefined) {
    throw new TypeError(
      `fwEvaluator: environments names "${stranger}", but this build has ${names.join(', ')}.`,
    )
  }
  const state = createBuildState((parts) => upload(parts.filter(({ label }) => label !== HELD)))
  const watched = Object.values(builder.environments).filter(
    ({ name, config }) => config.build.watch && (environments?.includes(name) ?? true),
  )
  return {
    state,
    held: state.open(HELD),
    announced: new Map(watched.map(({ name }) => [name, state.open(name)])),
  }
}

/** All environments have been built, or, in watch mode, are being watched. */
export async function endApp(app: AppBuild | undefined, builder: Builder): Promise<void> {
  if (!app) return
  for (const [name, part] of app.announced) {
    if (builder.environments[name]?.isBuilt === false) await part.end(true)
  }
  await app.held.end(true)
}
