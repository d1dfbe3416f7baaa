import type { ProxyMethods } from '../programs/proxy.ts'
import type { ServiceMethods } from '../programs/service.ts'
import { type Child, startChild } from './calls.ts'
import { makeCertificate } from './certificate.ts'

/** Milliseconds, one way. */
const DELAY_MS = 25
export const ROUND_TRIP_MS: number = 2 * DELAY_MS

/** The emulator over TLS, 50 ms away. */
export interface FarService {
  readonly proxy: Child<ProxyMethods>
  readonly service: Child<ServiceMethods>
  /** What a client needs in its environment. */
  readonly env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** @param dir holds the certificate, and is home and cache of the clients */
export async function startFarService(dir: string): Promise<FarService> {
  const { key, cert, certFile } = await makeCertificate(dir)
  const proxy = startChild<ProxyMethods>('proxy')
  const service = startChild<ServiceMethods>('service')
  const stop = async () => {
    await Promise.all([proxy.stop(), service.stop()])
  }
  try {
    const [gatewayPort, storePort] = await proxy.call('start', { origins: 2, delayMs: DELAY_MS })
    const storeOrigin = `https://127.0.0.1:${storePort}`
    const started = await service.call('start', { tls: { key, cert }, storeOrigin, buildMs: 1 })
    await proxy.call('forward', [portOf(started.url), portOf(started.storeUrl)])
    const env = {
      ...started.env,
      FIREWORKS_API_BASE: `https://127.0.0.1:${gatewayPort}`,
      NODE_EXTRA_CA_CERTS: certFile,
      HOME: dir,
      XDG_CACHE_HOME: dir,
    }
    return { proxy, service, env, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port)
}
