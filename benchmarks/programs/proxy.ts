/** A proxy in a process of its own: its timers must not wait for whoever is measured. */
import { serveCalls } from '../lib/calls.ts'
import { createFarAway, type FarAway, type Trips } from '../lib/far-away.ts'

let proxy: FarAway | undefined
const methods = {
  async start({ origins, delayMs }: { origins: number; delayMs: number }): Promise<readonly number[]> {
    proxy = await createFarAway(origins, delayMs)
    return proxy.ports
  },
  async forward(ports: readonly number[]): Promise<void> {
    proxy?.forward(ports)
  },
  async begin(): Promise<void> {
    proxy?.begin()
  },
  async end(): Promise<Trips> {
    if (!proxy) throw new Error('The proxy was not started')
    return proxy.end()
  },
}
export type ProxyMethods = typeof methods
serveCalls(methods)
