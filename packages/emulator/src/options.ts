import { checkFault, type Fault } from './faults/faults.ts'

/** Options of `startEmulator`. */
export interface EmulatorOptions {
  /** Port of the gateway on 127.0.0.1. Default 0: any free port. */
  port?: number | undefined
  /** Port of the blob store on 127.0.0.1. Default 0: any free port. */
  storePort?: number | undefined
  /**
   * Folder that keeps the state, even if the process is killed. Created if missing. Only one emulator at a time can use
   * it. Default: none; `close()` removes everything.
   */
  dir?: string | undefined
  /** Faults to play, by step and attempt. Default: none. `faults.add` adds more later. */
  faults?: readonly Fault[] | undefined
  /** How long a build takes, in milliseconds. Default 50. */
  buildMs?: number | undefined
  /** The only key that is accepted. Default: random; with `dir`, the last one used. */
  apiKey?: string | undefined
  /** The only account that exists. Default `emulator`; with `dir`, the last one used. */
  accountId?: string | undefined
  /** Lifetime of the signed URLs for uploads, 1 to 604800 seconds. Default 3600. */
  uploadUrlTtlSeconds?: number | undefined
  /** Lifetime of the signed URLs for downloads, 1 to 604800 seconds. Default 3600. */
  downloadUrlTtlSeconds?: number | undefined
  /** Serves both origins over https with this key and certificate (PEM). Default: plain http. */
  tls?: { key: string; cert: string } | undefined
  /**
   * Origin by which clients reach the store if it is behind a proxy: scheme, host and port. Signed URLs contain it, and
   * their signature covers its host. Default: `storeUrl`.
   */
  storeOrigin?: string | undefined
  /** Which kind of blob store is behind the signed URLs. Default `gcs`, which the service uses. */
  storeFlavour?: StoreFlavourName | undefined
  /** GCS sends crc32c and md5 as two `x-goog-hash` headers or as one. Default `separate`. */
  hashHeader?: 'separate' | 'joined' | undefined
}

/** A kind of blob store: Google Cloud Storage, S3, or Azure's. */
export type StoreFlavourName = 'gcs' | 's3' | 'azure'

/** The options, checked and with defaults. `undefined` if the saved state or the store's address decides. */
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

/** Checks one option. @throws {TypeError} on an impossible value */
type Reader<T> = (value: unknown, name: string) => T

/** Every option by name: the compiler refuses a name that is missing here, or that the type does not have. */
const readers: { readonly [Name in keyof Required<EmulatorOptions>]: Reader<EmulatorSettings[Name]> } = {
  port: or(0, wholeNumber(0, 65_535)),
  storePort: or(0, wholeNumber(0, 65_535)),
  dir: or(undefined, text),
  faults: or([], faultList),
  buildMs: or(50, wholeNumber(0, 2 ** 31 - 1)),
  apiKey: or(undefined, text),
  accountId: or(undefined, text),
  uploadUrlTtlSeconds: or(3600, wholeNumber(1, maxUrlTtlSeconds)),
  downloadUrlTtlSeconds: or(3600, wholeNumber(1, maxUrlTtlSeconds)),
  tls: or(undefined, keyAndCertificate),
  storeOrigin: or(undefined, origin),
  storeFlavour: or('gcs', oneOf('gcs', 's3', 'azure')),
  hashHeader: or('separate', oneOf('separate', 'joined')),
}

/** @throws {TypeError} on an unknown option or an impossible value */
export function resolveOptions(options: EmulatorOptions): EmulatorSettings {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(readers, name))
  if (unknown !== undefined)
    throw new TypeError(`Unknown option '${unknown}'. Known: ${Object.keys(readers).join(', ')}`)
  const read = <Name extends keyof EmulatorSettings>(name: Name): EmulatorSettings[Name] =>
    readers[name](options[name], name)
  return Object.freeze({
    port: read('port'),
    storePort: read('storePort'),
    dir: read('dir'),
    faults: read('faults'),
    buildMs: read('buildMs'),
    apiKey: read('apiKey'),
    accountId: read('accountId'),
    uploadUrlTtlSeconds: read('uploadUrlTtlSeconds'),
    downloadUrlTtlSeconds: read('downloadUrlTtlSeconds'),
    tls: read('tls'),
    storeOrigin: read('storeOrigin'),
    storeFlavour: read('storeFlavour'),
    hashHeader: read('hashHeader'),
  })
}

function or<T>(usual: T, read: Reader<T>): Reader<T> {
  return (value, name) => (value === undefined ? usual : read(value, name))
}

function wholeNumber(low: number, high: number): Reader<number> {
  return (value, name) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value
    throw new TypeError(`${name} must be a whole number from ${low} to ${high}, not ${String(value)}`)
  }
}

function oneOf<T extends string>(...allowed: readonly T[]): Reader<T> {
  return (value, name) => {
    const found = allowed.find((one) => one === value)
    if (found !== undefined) return found
    throw new TypeError(`${name} must be one of ${allowed.join(', ')}, not '${String(value)}'`)
  }
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new TypeError(`${name} must be a string that is not empty`)
}

function faultList(value: unknown): readonly Fault[] {
  if (!Array.isArray(value)) throw new TypeError('faults must be a list')
  return value.map(checkFault)
}

function keyAndCertificate(value: unknown, name: string): { key: string; cert: string } {
  if (typeof value !== 'object' || value === null || !('key' in value) || !('cert' in value))
    throw new TypeError(`${name} must be { key, cert }`)
  return { key: text(value.key, `${name}.key`), cert: text(value.cert, `${name}.cert`) }
}

function origin(value: unknown, name: string): string {
  if (typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value) return value
  throw new TypeError(`${name} must be scheme, host and port, not '${String(value)}'`)
}
