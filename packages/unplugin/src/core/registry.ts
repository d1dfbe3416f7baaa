import { type Builds, createBuilds } from './build.ts'

/** The state that all copies of this package share in a process. The number changes with its shape. */
const KEY = Symbol.for('@fw/evaluator-unplugin/builds/1')

interface Registry {
  readonly byEvaluator: Map<string, Builds>
  /** Listens to the end of the process while builds run, and only then. */
  watchExit(): void
}

/**
 * All builds of an evaluator in this process, with any plugin object, bundler or copy of this package (ES module and
 * CommonJS).
 */
export function buildsOf(evaluator: string): Builds {
  const { byEvaluator, watchExit } = sharedRegistry()
  const known = byEvaluator.get(evaluator)
  if (known) return known
  const builds = createBuilds(async () => (await import('./upload.ts')).upload, watchExit)
  byEvaluator.set(evaluator, builds)
  return builds
}

function sharedRegistry(): Registry {
  const found: Registry | undefined = Reflect.get(globalThis, KEY)
  if (found) return found
  const registry = createRegistry()
  Reflect.set(globalThis, KEY, registry)
  return registry
}

function createRegistry(): Registry {
  const byEvaluator = new Map<string, Builds>()
  let isListening = false
  let isNatural = false
  /** Emitted when the event loop is empty, but not by `process.exit()`. */
  const atBeforeExit = () => {
    isNatural = true
  }
  // Other plugins and frameworks may end the process in their last hook, before ours.
  const atExit = (code: number) => {
    // A failed command has printed its reason.
    if (code !== 0) return
    for (const builds of byEvaluator.values()) if (tellUnfinished(builds, isNatural)) process.exitCode = 1
  }
  return {
    byEvaluator,
    watchExit() {
      const isNeeded = [...byEvaluator.values()].some((builds) => builds.isBusy())
      if (isNeeded === isListening) return
      isListening = isNeeded
      isNatural = false
      const change = isNeeded ? 'on' : 'off'
      process[change]('exit', atExit)
      process[change]('beforeExit', atBeforeExit)
    },
  }
}

/** Prints on stderr what was not uploaded. Returns whether that is a failure. */
function tellUnfinished(builds: Builds, isNatural: boolean): boolean {
  const left = builds.unfinished(isNatural)
  if (!left) return false
  const { options, host, reason } = left
  const message = `${options.evaluatorId} was not uploaded: ${reason}.
  Let the bundler end by itself (a script closes what it has built), or upload its output: npx fw-evaluator upload <folder> --id ${options.evaluatorId}`
  if (!host.isSilent) process.stderr.write(`\n${message}\n`)
  if (typeof options.onError !== 'function') return options.onError === 'fail'
  try {
    options.onError(new Error(message))
    return false
  } catch {
    return true
  }
}
