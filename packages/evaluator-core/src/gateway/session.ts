import { setImmediate } from 'node:timers/promises'
import { type Config, resolveConfig } from '../config/config.ts'
import type { Connections } from '../http/connections.ts'
import { storeOrigins } from '../http/store-origins.ts'
import { checkOptions } from '../option-table.ts'
import { GATEWAY_OPTIONS, type GatewayOptions } from '../options.ts'
import type { Net } from './call.ts'
import { type Gateway, gatewayOver, type KnownAccount } from './gateway.ts'

/** The service, as one upload speaks to it. */
export interface Session {
  readonly gateway: Omit<Gateway, 'close'>
  readonly net: () => Promise<Net>
  /** The same connections under another signal: waiting for a build has a deadline of its own. */
  withSignal(signal: AbortSignal): Session
  /**
   * Begins to connect to the service, and to its store as far as that is known, ahead of the first request. Resolves
   * when that is under way and a request could be sent.
   */
  connect(): Promise<void>
  /** Keeps where the store is, for the next time. */
  remember(signedUrl: string): Promise<void>
  /** Ends every connection that was opened. */
  close(): Promise<void>
}

interface SessionOptions {
  config: () => Promise<Config>
  signal: AbortSignal
  dispatcher?: GatewayOptions['dispatcher']
  onRetry?: Net['onRetry']
}

/** Nothing is loaded or connected before the first use: undici alone takes a tenth of a second. */
export function createSession({ config, signal, dispatcher, onRetry }: SessionOptions): Session {
  let opened: Promise<{ config: Config; connections: Connections }> | undefined
  const open = async (ahead?: (config: Config) => Promise<string[]>) => {
    const resolved = await config()
    const origins = await ahead?.(resolved)
    const { openConnections } = await import('../http/connections.ts')
    return { config: resolved, connections: openConnections(resolved, dispatcher, origins) }
  }
  const get = (ahead?: (config: Config) => Promise<string[]>) => {
    opened ??= open(ahead)
    return opened
  }
  const known: KnownAccount = {}
  const origins = storeOrigins()
  const over = (current: AbortSignal): Session => {
    const net = async () => {
      const { config, connections } = await get()
      return { config, dispatcher: await connections.dispatcher(), signal: current, onRetry }
    }
    return {
      net,
      gateway: gatewayOver(net, known),
      withSignal: over,
      async connect() {
        const { connections } = await get(async ({ baseUrl }) => {
          const store = dispatcher ? undefined : await origins.recall(baseUrl)
          return store ? [baseUrl, store] : [baseUrl]
        })
        // Node begins to connect in its next tick, which comes after all that is ready: loading would be first.
        await setImmediate()
        await connections.dispatcher()
      },
      async remember(signedUrl) {
        const { config } = await get()
        if (!dispatcher) await origins.remember(config.baseUrl, signedUrl)
      },
      close: async () => (await opened)?.connections.close(),
    }
  }
  return over(signal)
}

/**
 * The service, one method per endpoint. Options are resolved, and undici is loaded, with the first call.
 *
 * @throws EvaluatorUploadError FW_CONFIG for an option that does not exist
 *
 * @example
 * ```ts
 * const gateway = createGateway()
 * for await (const { name, state } of gateway.listEvaluators()) console.log(name, state)
 * await gateway.close()
 * ```
 */
export function createGateway(options: GatewayOptions = {}): Gateway {
  checkOptions(options, GATEWAY_OPTIONS, 'createGateway')
  const { gateway, close } = createSession({
    config: () => resolveConfig(options),
    signal: options.signal ?? new AbortController().signal,
    dispatcher: options.dispatcher,
  })
  return { ...gateway, close }
}
