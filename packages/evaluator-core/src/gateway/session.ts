import { setImmediate } from 'node:timers/promises'
import { type Config, resolveConfig } from '../config/config.ts'
import type { Connections } from '../http/connections.ts'
import { storeOrigins } from '../http/store-origins.ts'
import { checkOptions } from '../option-table.ts'
import { GATEWAY_OPTIONS, type GatewayOptions } from '../options.ts'
import type { Net } from './call.ts'
import { type Gateway, gatewayOver, type KnownAccount } from './gateway.ts'

/** The service for one upload. */
export interface Session {
  readonly gateway: Omit<Gateway, 'close'>
  readonly net: () => Promise<Net>
  /** The same connections with another signal, because waiting for a build has its own deadline. */
  withSignal(signal: AbortSignal): Session
  /**
   * Starts to connect to the service, and to its store if it is known, before the first request. Resolves when a
   * request can be sent.
   */
  connect(): Promise<void>
  /** Remembers the store's origin for the next upload. */
  remember(signedUrl: string): void
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
  const open = async (findAhead: (config: Config) => string[]) => {
    const resolved = await config()
    const ahead = findAhead(resolved)
    const { openConnections } = await import('../http/connections.ts')
    const { connectMs } = resolved.timeouts
    return { config: resolved, connections: openConnections({ connectMs, own: dispatcher, ahead }) }
  }
  const get = (ahead: (config: Config) => string[] = () => []) => {
    opened ??= open(ahead)
    return opened
  }
  const known: KnownAccount = {}
  const origins = storeOrigins()
  let storeUrl: string | undefined
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
        const { connections } = await get(({ baseUrl }) => {
          const store = dispatcher ? undefined : origins.recall(baseUrl)
          return store ? [baseUrl, store] : [baseUrl]
        })
        // Node connects in its next tick, which comes after everything that is ready. Without this, loading would be
        // first.
        await setImmediate()
        await connections.dispatcher()
      },
      remember(signedUrl) {
        storeUrl = signedUrl
      },
      async close() {
        // If nothing could be opened, the request has failed with the reason.
        const both = await opened?.catch(() => undefined)
        await both?.connections.close()
        if (both && storeUrl && !dispatcher) await origins.remember(both.config.baseUrl, storeUrl)
      },
    }
  }
  return over(signal)
}

/**
 * Creates a client of the service, with one method for each endpoint. The first call resolves the options, and loads
 * undici.
 *
 * @throws EvaluatorUploadError FW_CONFIG on an unknown option
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
