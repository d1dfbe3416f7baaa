import type { Part } from '../core/build.ts'
import type { Host } from '../core/host.ts'
import type { Instance } from '../core/plugin.ts'
import type { Builder } from './vite-types.ts'

/** The build of an app of several environments by one `vite build`. */
export interface AppBuild {
  /** Open from the start of the first environment to the end of the last one. */
  readonly held: Part
  /** In watch mode, environments end at different times. These are announced, so that the first one waits for them. */
  readonly announced: ReadonlyMap<string, Part>
}

/**
 * `undefined` if there is only one environment: its end is the end of the build, also in `vite.build()`.
 * @throws TypeError if `environments` has a name that the app does not have.
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
  const { build } = builder
  // Where an environment fails, the app has no end that we would hear of: nobody is to wait for it.
  builder.build = (environment) =>
    build.call(builder, environment).catch((error: unknown) => {
      held.closes()
      throw error
    })
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
