import { createBuilds } from './builds/builds.ts'
import type { Faults } from './faults/faults.ts'
import { createFaults } from './faults/script.ts'
import { createGatewayOrigin } from './gateway/gateway.ts'
import { createValidator } from './gateway/validate.ts'
import { type EmulatorOptions, resolveOptions } from './options.ts'
import { withPage } from './page/page.ts'
import { type Connections, listen } from './server/listen.ts'
import { createRequestLog, type RequestEntry } from './server/request-log.ts'
import { createTasks, serve } from './server/serve.ts'
import { createInspector, type Evaluators } from './state/evaluator-view.ts'
import { createEventHub, type EventSource } from './state/events.ts'
import { openMemory } from './state/memory.ts'
import type { World } from './state/world.ts'
import { createStoreOrigin, flavours } from './store/store.ts'

type EnvironmentName =
  | 'FIREWORKS_API_KEY'
  | 'FIREWORKS_ACCOUNT_ID'
  | 'FIREWORKS_API_BASE'
  | 'FIREWORKS_BASE_URL'

/** A gateway and a blob store that run in this process. */
export interface Emulator extends EventSource, AsyncDisposable {
  /** Origin of the gateway: the base URL for clients. In a browser it shows a page. */
  readonly url: string
  /** Origin on which the blob store listens. */
  readonly storeUrl: string
  readonly apiKey: string
  readonly accountId: string
  /** Environment variables for a client: for this project, and for Fireworks' SDK. */
  readonly env: Readonly<Record<EnvironmentName, string>>
  /** Every request to both origins, in order of arrival, including those that have not finished. */
  readonly requests: readonly RequestEntry[]
  readonly connections: Readonly<Record<'gateway' | 'store', Connections>>
  readonly evaluators: Evaluators
  readonly faults: Faults
  /** Ends all connections at once. Resolves when everything except `dir` is removed. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Starts an emulator of the gateway and its blob store, on two ports of 127.0.0.1.
 *
 * @example
 * ```ts
 * await using emulator = await startEmulator({ faults: [{ step: 'put', do: { kind: 'reset' } }] })
 * await uploadEvaluator({
 *   evaluatorId: 'my-evaluator',
 *   source: 'dist',
 *   baseUrl: emulator.url,
 *   apiKey: emulator.apiKey,
 *   accountId: emulator.accountId,
 * })
 * console.log(emulator.requests.map(({ step, status }) => [step, status]))
 * ```
 * @throws {TypeError} on an unknown option or an impossible value
 * @throws {Error} if a port is in use, or `dir` cannot be used or is in use by another emulator
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = resolveOptions(options)
  const closing = new AbortController()
  const closed = closing.signal
  const events = createEventHub(closed)
  const faults = createFaults(settings.faults, (pending) => events.emit('faults', pending))
  const tasks = createTasks()

  // Undone in reverse order, also if a later step of the start fails.
  const undo: (() => Promise<void>)[] = [tasks.settled]
  let ending: Promise<void> | undefined
  const end = async (): Promise<void> => {
    closing.abort(new Error('The emulator was closed'))
    for (const step of undo.reverse()) await step()
  }
  const close = (): Promise<void> => {
    ending ??= end()
    return ending
  }
  try {
    const memory = await openMemory(settings)
    undo.unshift(memory.close)
    const log = createRequestLog(memory.state.apiKey, {
      begun: (entry) => events.emit('request', entry),
      over: (entry) => events.emit('response', entry),
    })
    const store = await listen(settings.storePort, settings.tls)
    undo.push(store.close)
    const gateway = await listen(settings.port, settings.tls)
    undo.push(gateway.close)

    const flavour = flavours[settings.storeFlavour]({
      origin: settings.storeOrigin ?? store.url,
      privateKeyPem: memory.state.privateKeyPem,
      hashHeader: settings.hashHeader,
    })
    const world: World = { settings, ...memory, events, tasks, closed }
    const validator = await createValidator()
    const builds = createBuilds(world)
    store.serve(serve(createStoreOrigin({ world, flavour }, faults), { log, listener: store, tasks, closed }))
    const gatewayOrigin = createGatewayOrigin({ world, flavour, builds, validator }, faults)
    const { apiKey, accountId } = memory.state
    const evaluators = createInspector(world)
    const requests = log.entries
    const about = { accountId, url: gateway.url, storeUrl: store.url }
    const toGateway = serve(gatewayOrigin, { log, listener: gateway, tasks, closed })
    gateway.serve(withPage({ events, requests, evaluators, faults, tasks, about, apiKey }, toGateway))

    return {
      url: gateway.url,
      storeUrl: store.url,
      apiKey,
      accountId,
      env: {
        FIREWORKS_API_KEY: apiKey,
        FIREWORKS_ACCOUNT_ID: accountId,
        FIREWORKS_API_BASE: gateway.url,
        // Fireworks' SDK reads this one.
        FIREWORKS_BASE_URL: gateway.url,
      },
      requests,
      connections: { gateway: gateway.connections, store: store.connections },
      evaluators,
      faults,
      on: events.on,
      waitFor: events.waitFor,
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
