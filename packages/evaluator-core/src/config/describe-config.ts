import type { GatewayOptions } from '../options.ts'
import { type Origin, resolveConfig } from './config.ts'

export type { Origin } from './config.ts'

/** What a call with the same options would use, without the key: fit to be shown. */
export interface ConfigDescription {
  readonly hasApiKey: boolean
  /** Missing where only the key can tell. */
  readonly accountId?: string
  /** An origin, without a slash at the end. */
  readonly baseUrl: string
  /** Where each value came from; `undefined` where it was found nowhere. */
  readonly origins: Readonly<Record<'apiKey' | 'accountId' | 'baseUrl', Origin | undefined>>
}

/** Documented for users in api.ts. */
export async function describeConfig(options: GatewayOptions = {}): Promise<ConfigDescription> {
  const { apiKey, accountId, baseUrl, origins } = await resolveConfig(options)
  return Object.freeze({
    hasApiKey: apiKey !== undefined,
    ...(accountId !== undefined && { accountId }),
    baseUrl,
    origins,
  })
}
