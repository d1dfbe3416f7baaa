import type { Part } from '../core/build.ts'
import type { Host } from '../core/host.ts'
import type { Instance } from '../core/plugin.ts'
import type { Builder } from './vite-types.ts'

/** The build of an app of several environments by one `vite build`. */
export interface AppBuild {
  /** Open from the first environment's beginning to the last one's end. */
  readonly held: Part
  /** In watch mode the environments end at times of their own: each that will come, so that the first waits. */
  readonly announced: ReadonlyMap<string, Part>
}

/**
 * `undefined` when there is one environment only: its own end is the end, also of what `vite.build()` builds.
 * @throws TypeError when `environments` names one that the app has not.
 */
export function beginApp(builder: Builder, instance: Instance, host: Host): AppBuild | undefined {
  const { environments } = instance.options
  const names = Object.keys(builder.environments)
  if (names.length < 2) return undefined
  const stranger = environments?.find((name) => !names.includes(name))
  if (stranger !== undefined) {
    throw new TypeError(
      `fwEvaluator: environments names "${stranger}", but this build has ${names.join(', ')}.`,
    )
  }
  const watched = Object.values(builder.environments).filter(
    ({ name, config }) => config.build.watch && (environments?.includes(name) ?? true),
  )
  const id = `vite app ${host.root}`
  const held = instance.open({ id, isUnique: true, isHold: true, name: 'the app', host })
  held.begin()
  return {
    held,
    announced: new Map(
      watched.map(({ name }) => [
        name,
        instance.open({ id: `${id} ${name}`, isUnique: true, isHold: true, isAnnounced: true, name, host }),
      ]),
    ),
  }
}

/** All environments have been built, or, in watch mode, are being watched. */
export async function endApp(app: AppBuild | undefined, builder: Builder): Promise<void> {
  if (!app) return
  for (const [name, part] of app.announced) {
    if (builder.environments[name]?.isBuilt === false) part.drop()
  }
  await app.held.end(true)
}
