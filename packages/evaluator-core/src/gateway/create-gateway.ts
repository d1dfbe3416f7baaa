import { GATEWAY_OPTIONS, resolveConfig } from '../config/config.ts'
import { refuseUnknown } from '../config/known-options.ts'
import type { GatewayOptions } from '../options.ts'
import type { Gateway } from './gateway.ts'
import { createSession } from './session.ts'

/**
 * The service, one method per endpoint. Options are resolved, and undici is loaded, with the first call.
 *
 * @example
 * ```ts
 * const gateway = createGateway()
 * for await (const { name, state } of gateway.listEvaluators()) console.log(name, state)
 * await gateway.close()
 * ```
 */
export function createGateway(options: GatewayOptions = {}): Gateway {
  const { gateway, close } = createSession({
    config: async () => {
      await refuseUnknown(options, GATEWAY_OPTIONS, 'createGateway')
      return resolveConfig(options)
    },
    signal: options.signal ?? new AbortController().signal,
    dispatcher: options.dispatcher,
  })
  return { ...gateway, close }
}
