import type { Net } from './call.ts'
import type { Config } from './config.ts'
import { type Connections, openConnections } from './connections.ts'
import { type Gateway, gatewayOver, type KnownAccount } from './gateway.ts'
import type { GatewayOptions } from './options.ts'

/** The service, as one upload speaks to it. */
export interface Session {
  readonly gateway: Omit<Gateway, 'close'>
  readonly net: () => Promise<Net>
  /** The same connections under another signal: waiting for a build has a deadline of its own. */
  withSignal(signal: AbortSignal): Session
  /** Connects to `origin` ahead of its first request. */
  open(origin: string): Promise<void>
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
  const open = async () => {
    const resolved = await config()
    return { config: resolved, connections: await openConnections(resolved, dispatcher) }
  }
  const get = () => {
    opened ??= open()
    return opened
  }
  const known: KnownAccount = {}
  const over = (current: AbortSignal): Session => {
    const net = async () => {
      const { config, connections } = await get()
      return { config, dispatcher: connections.dispatcher, signal: current, onRetry }
    }
    return {
      net,
      gateway: gatewayOver(net, known),
      withSignal: over,
      open: async (origin) => (await get()).connections.open(origin),
      close: async () => (await opened)?.connections.close(),
    }
  }
  return over(signal)
}
