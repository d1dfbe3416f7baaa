import { join } from 'node:path'
import { createBlobStorage } from './blob-storage.ts'
import { createBuilds } from './builds.ts'
import { createEventHub, type EventSource } from './events.ts'
import { createFaults, type Faults } from './faults.ts'
import { createAzure } from './flavours/azure.ts'
import type { FlavourOptions, StoreFlavour } from './flavours/flavour.ts'
import { createGcs } from './flavours/gcs.ts'
import { createS3 } from './flavours/s3.ts'
import { createGatewayOrigin } from './gateway.ts'
import { createInspector, type Evaluators } from './inspect.ts'
import { randomApiKey, signingKey } from './keys.ts'
import { type Connections, type Handler, type Listener, listen } from './listen.ts'
import { createValidator } from './openapi-validate.ts'
import {
  type EmulatorOptions,
  type EmulatorSettings,
  resolveOptions,
  type StoreFlavourName,
} from './options.ts'
import { createPersistence } from './persist.ts'
import { createRequestLog, type RequestEntry } from './request-log.ts'
import { serve } from './serve.ts'
import { fromSaved, type SavedState, type State, toSaved } from './state.ts'
import { createStoreOrigin } from './store.ts'
import type { World } from './world.ts'

/** A gateway and a blob store that run in this process. */
export interface Emulator extends EventSource, AsyncDisposable {
  /** Origin of the gateway: the base URL for clients. */
  readonly url: string
  /** Origin of the blob store. */
  readonly storeUrl: string
  readonly apiKey: string
  readonly accountId: string
  /** What a client needs in its environment: FIREWORKS_API_KEY, FIREWORKS_ACCOUNT_ID and FIREWORKS_API_BASE. */
  readonly env: Readonly<Record<'FIREWORKS_API_KEY' | 'FIREWORKS_ACCOUNT_ID' | 'FIREWORKS_API_BASE', string>>
  /** Every request to both origins, in the order of arrival, also those that are not over yet. */
  readonly requests: readonly RequestEntry[]
  readonly connections: Readonly<Record<'gateway' | 'store', Connections>>
  readonly evaluators: Evaluators
  readonly faults: Faults
  /** Ends all connections at once; resolves when nothing of the emulator is left but `dir`. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Starts an emulator.
 * @throws {TypeError} on an unknown option or an impossible value
 * @throws {Error} when a port is taken or `dir` can't be used
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = resolveOptions(options)
  const faults = createFaults(settings.faults)
  const closing = new AbortController()
  const closed = closing.signal
  const events = createEventHub(closed)
  const log = createRequestLog(events)

  const blobDir = settings.dir === undefined ? undefined : join(settings.dir, 'blobs')
  const blobs = createBlobStorage(blobDir)
  const persistence = createPersistence(settings.dir, () => toSaved(state))
  const state = await openState(settings, await persistence.load(), blobDir)
  await blobs.sweep([...state.objects.values()].map(({ blob }) => blob))
  await persistence.save()

  // A client of an earlier process may knock as soon as a port is open: it waits until all is in place.
  let openDoors: () => void = () => {}
  const doorsOpen = new Promise<void>((resolve) => {
    openDoors = resolve
  })
  const handlers: Partial<Record<'gateway' | 'store', Handler>> = {}
  const handle =
    (name: 'gateway' | 'store'): Handler =>
    (request, response) =>
      void doorsOpen.then(() => handlers[name]?.(request, response))

  const store = await listen(settings.storePort, settings.tls, handle('store'))
  const gateway = await listen(settings.port, settings.tls, handle('gateway')).catch(
    async (error: unknown) => {
      await store.close()
      throw error
    },
  )

  const flavour = flavours[settings.storeFlavour]({
    origin: store.url,
    privateKeyPem: state.privateKeyPem,
    hashHeader: settings.hashHeader,
  })
  const world: World = {
    settings,
    state,
    blobs,
    events,
    flavour,
    closed,
    save: persistence.save,
    saved: persistence.settled,
  }
  const builds = createBuilds(world)
  const validator = await createValidator()
  const handlerOf = (origin: Parameters<typeof serve>[0], listener: Listener): Handler =>
    serve(origin, { log, listener, closed })
  handlers.gateway = handlerOf(createGatewayOrigin({ world, builds, faults, validator }), gateway)
  handlers.store = handlerOf(createStoreOrigin(world, faults), store)
  openDoors()

  let closePromise: Promise<void> | undefined
  const close = (): Promise<void> => {
    closePromise ??= (async () => {
      closing.abort(new Error('The emulator was closed'))
      await Promise.all([gateway.close(), store.close()])
      await persistence.settled()
      await blobs.dispose()
    })()
    return closePromise
  }
  const { apiKey, accountId } = state
  return {
    url: gateway.url,
    storeUrl: store.url,
    apiKey,
    accountId,
    env: { FIREWORKS_API_KEY: apiKey, FIREWORKS_ACCOUNT_ID: accountId, FIREWORKS_API_BASE: gateway.url },
    requests: log.entries,
    connections: { gateway: gateway.connections, store: store.connections },
    evaluators: createInspector(world),
    faults,
    on: events.on,
    waitFor: events.waitFor,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const flavours: Record<StoreFlavourName, (options: FlavourOptions) => StoreFlavour> = {
  gcs: createGcs,
  s3: createS3,
  azure: createAzure,
}

async function openState(
  { apiKey, accountId }: EmulatorSettings,
  saved: SavedState | undefined,
  blobDir: string | undefined,
): Promise<State> {
  if (saved && blobDir !== undefined) {
    const state = fromSaved(saved, blobDir)
    return { ...state, apiKey: apiKey ?? state.apiKey, accountId: accountId ?? state.accountId }
  }
  return {
    accountId: accountId ?? 'emulator',
    apiKey: apiKey ?? randomApiKey(),
    privateKeyPem: await signingKey(),
    generation: 0,
    evaluators: new Map(),
    objects: new Map(),
  }
}
