import type { Fault } from './faults.ts'

/** All that can be chosen of an emulator. */
export interface EmulatorOptions {
  /** Port of the gateway on 127.0.0.1. Default 0: any that is free. */
  port?: number
  /** Port of the blob store on 127.0.0.1. Default 0: any that is free. */
  storePort?: number
  /**
   * Folder in which the state outlives the process, even one that is killed; made when missing. One emulator a
   * folder at a time. Default: none, everything is gone with close().
   */
  dir?: string
  /** What goes wrong, by step and attempt. Default: nothing. More can be added later with `faults.add`. */
  faults?: readonly Fault[]
  /** How long a build takes, in milliseconds. Default 50. */
  buildMs?: number
  /** The one key that is accepted. Default: random; with `dir`, the one of the last time. */
  apiKey?: string
  /** The one account that exists. Default `emulator`; with `dir`, the one of the last time. */
  accountId?: string
  /** Lifetime of the signed URLs for uploads, 1 to 604800 seconds. Default 3600. */
  uploadUrlTtlSeconds?: number
  /** Lifetime of the signed URLs for downloads, 1 to 604800 seconds. Default 3600. */
  downloadUrlTtlSeconds?: number
  /** Serves both origins over https with this key and certificate (PEM). Default: plain http. */
  tls?: { key: string; cert: string }
  /**
   * How clients reach the store where that is not its own address: behind a proxy. Scheme, host and port; signed URLs
   * bear it, and their signature covers its host. Default: `storeUrl`.
   */
  storeOrigin?: string
  /** Which kind of blob store is behind the signed URLs. Default `gcs`, which the service uses. */
  storeFlavour?: StoreFlavourName
  /** GCS sends crc32c and md5 as two `x-goog-hash` headers or as one. Default `separate`. */
  hashHeader?: 'separate' | 'joined'
}

/** A kind of blob store: Google Cloud Storage, S3, or Azure's. */
export type StoreFlavourName = 'gcs' | 's3' | 'azure'

/** The options, checked and with their defaults. `undefined` where the saved state has the word. */
export interface EmulatorSettings {
  readonly port: number
  readonly storePort: number
  readonly dir: string | undefined
  readonly faults: readonly Fault[]
  readonly buildMs: number
  readonly apiKey: string | undefined
  readonly accountId: string | undefined
  readonly uploadUrlTtlSeconds: number
  readonly downloadUrlTtlSeconds: number
  readonly tls: { readonly key: string; readonly cert: string } | undefined
  readonly storeOrigin: string | undefined
  readonly storeFlavour: StoreFlavourName
  readonly hashHeader: 'separate' | 'joined'
}

const maxUrlTtlSeconds = 604_800

/** @throws {TypeError} on an unknown option or an impossible value */
export function resolveOptions(options: EmulatorOptions): EmulatorSettings {
  const {
    port = 0,
    storePort = 0,
    dir,
    faults = [],
    buildMs = 50,
    apiKey,
    accountId,
    uploadUrlTtlSeconds = 3600,
    downloadUrlTtlSeconds = 3600,
    tls,
    storeOrigin,
    storeFlavour = 'gcs',
    hashHeader = 'separate',
    ...unknown
  } = options
  const [name] = Object.keys(unknown)
  if (name !== undefined) throw new TypeError(`Unknown option '${name}'`)
  inRange({ port, storePort }, 0, 65_535)
  inRange({ buildMs }, 0, 2 ** 31 - 1)
  inRange({ uploadUrlTtlSeconds, downloadUrlTtlSeconds }, 1, maxUrlTtlSeconds)
  if (storeOrigin !== undefined && !isOrigin(storeOrigin))
    throw new TypeError(`storeOrigin must be scheme, host and port, not '${storeOrigin}'`)
  oneOf({ storeFlavour }, ['gcs', 's3', 'azure'])
  oneOf({ hashHeader }, ['separate', 'joined'])
  return Object.freeze({
    port,
    storePort,
    dir,
    faults,
    buildMs,
    apiKey,
    accountId,
    uploadUrlTtlSeconds,
    downloadUrlTtlSeconds,
    tls,
    storeOrigin,
    storeFlavour,
    hashHeader,
  })
}

function inRange(values: Record<string, number>, low: number, high: number): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isInteger(value) && value >= low && value <= high) continue
    throw new TypeError(`${name} must be a whole number from ${low} to ${high}, not ${value}`)
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

function oneOf(values: Record<string, string>, allowed: readonly string[]): void {
  for (const [name, value] of Object.entries(values)) {
    if (!allowed.includes(value))
      throw new TypeError(`${name} must be one of ${allowed.join(', ')}, not '${value}'`)
  }
}
